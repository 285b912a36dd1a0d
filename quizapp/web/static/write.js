// Writing a gap: the selected words get its marks, by the button and by keys.

const MARK = /\{\{c(\d+)::/g;

function wrap(field, isSame) {
  const { selectionStart: start, selectionEnd: end, value } = field;
  const last = Math.max(0, ...[...value.matchAll(MARK)].map((found) => Number(found[1])));
  const opening = `{{c${isSame ? Math.max(1, last) : last + 1}::`;
  field.focus();
  field.setRangeText(`${opening}${value.slice(start, end)}}}`, start, end, "end");
  if (start === end) field.selectionStart = field.selectionEnd = start + opening.length;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const field = () => document.querySelector("[data-gap]") && document.getElementById("question");

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-gap]")) wrap(field(), event.altKey);
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || !event.shiftKey || event.code !== "KeyC" || event.target !== field()) return;
  event.preventDefault();
  wrap(event.target, event.altKey);
});
