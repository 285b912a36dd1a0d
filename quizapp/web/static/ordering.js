// Items are put in order at once, by their buttons, by arrow keys and by dragging.

import { said } from "./words.js";

const STEPS = { up: -1, down: 1, ArrowUp: -1, ArrowDown: 1 };

function told(item) {
  const items = [...item.parentElement.children];
  items.forEach((one, index) => {
    one.querySelector(".place").textContent = index + 1;
    for (const button of one.querySelectorAll("[name=move]")) button.value = `${index} ${button.value.split(" ")[1]}`;
  });
  document.getElementById("order-news").textContent = said("%(item)s: %(place)s of %(total)s", {
    item: item.querySelector(".what").textContent, place: items.indexOf(item) + 1, total: items.length,
  });
}

function move(item, step) {
  const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
  if (other) other[step < 0 ? "before" : "after"](item);
  told(item);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.(".to-order [name=move]");
  if (!button) return;
  event.preventDefault();
  move(button.closest("li"), STEPS[button.value.split(" ")[1]]);
  button.focus();
});

document.addEventListener("keydown", (event) => {
  const item = event.target.closest?.(".to-order li");
  if (!item || !STEPS[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const held = event.target;
  move(item, STEPS[event.key]);
  held.focus();
});

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.top + box.height / 2;
}

document.addEventListener("pointerdown", (event) => {
  const grip = event.target.closest?.(".to-order .grip");
  if (!grip || event.button) return;
  const item = grip.closest("li");
  event.preventDefault();
  grip.setPointerCapture(event.pointerId);
  item.classList.add("dragged");
  // The others move around the one that is held: what leaves the page would lose the finger.
  const follow = ({ clientY }) => {
    for (let next; (next = item.nextElementSibling) && clientY > middle(next);) item.before(next);
    for (let last; (last = item.previousElementSibling) && clientY < middle(last);) item.after(last);
  };
  const end = () => {
    grip.removeEventListener("pointermove", follow);
    item.classList.remove("dragged");
    told(item);
  };
  grip.addEventListener("pointermove", follow);
  grip.addEventListener("lostpointercapture", end, { once: true });
});

// A quiz asks for numbers where there is no script; with one, for the same as studying does.
function instead() {
  for (const template of document.querySelectorAll("template.ordering")) {
    template.previousElementSibling.remove();
    template.replaceWith(template.content);
  }
}

instead();
document.addEventListener("htmx:after:swap", instead);
