// A quiz: the time that is left, and the button that prints. The server alone decides when the time is up.

import { said } from "./words.js";

const OVER = 11000;  // the server waits ten seconds for an answer on its way
const MINUTE = 60000;
const ahead = new WeakMap();  // how far this clock is ahead of the server's
let told = false, sent = false;

function say(sentence) {
  const toast = document.createElement("div");
  toast.className = "toast brief";
  toast.textContent = sentence;
  document.getElementById("news").replaceChildren(toast);
}

function written(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return said("%(time)s left", { time: `${hours ? `${hours}:${two(minutes)}` : minutes}:${two(rest)}` });
}

function timeIsUp(left) {
  const form = document.getElementById("answering");
  if (!sent) {
    sent = true;
    // What stands there is handed in; without an answer the page asks the server, which ends the quiz.
    if (form?.checkValidity()) return form.requestSubmit();
  }
  if (left < -OVER) location.reload();
}

function tick() {
  const chip = document.querySelector("[data-deadline]");
  if (!chip) return;
  if (!ahead.has(chip)) ahead.set(chip, Date.now() - Number(chip.dataset.now));
  const left = Number(chip.dataset.deadline) - (Date.now() - ahead.get(chip));
  chip.lastElementChild.textContent = written(left);
  chip.classList.toggle("again", left < MINUTE);
  if (left < MINUTE && !told) {
    told = true;
    say(said("One minute left."));
  }
  if (left <= 0) timeIsUp(left);
}

tick();
setInterval(tick, 500);
document.addEventListener("htmx:after:swap", tick);
document.querySelector("[data-print]")?.addEventListener("click", () => print());
