// The card browser: rows by keys, boxes by the dozen. Without it every box and link works by itself.
// It runs before the page is drawn, so that a card that is seen can be gone to at once.

"use strict";
{
  const boxes = () => [...document.querySelectorAll('input[name="card"]')];
  const links = () => [...document.querySelectorAll(".cards .q a")];
  let last = null;

  // With Shift a box takes along all those between it and the last one.
  document.addEventListener("click", (event) => {
    if (!event.target.matches('input[name="card"]')) return;
    const all = boxes();
    const [from, to] = [all.indexOf(last), all.indexOf(event.target)].sort((a, b) => a - b);
    if (event.shiftKey && from >= 0) all.slice(from, to + 1).forEach((box) => { box.checked = event.target.checked; });
    last = event.target;
  });

  document.addEventListener("change", (event) => {
    if (event.target.id === "tick-all") boxes().forEach((box) => { box.checked = event.target.checked; });
    const head = document.getElementById("tick-all");
    if (!head) return;
    const ticked = boxes().filter((box) => box.checked).length;
    head.checked = ticked > 0 && ticked === boxes().length;
    head.indeterminate = ticked > 0 && !head.checked;
  });

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches('input:not([type="checkbox"]), textarea, select')) return;
    if (document.documentElement.classList.contains("quiet-keys")) return;
    const row = event.target.closest("tr");
    const at = links().findIndex((link) => link.closest("tr") === row);
    switch (event.key) {
      case "/":
        document.getElementById("q").select();
        break;
      case "j":
        links()[Math.min(at + 1, links().length - 1)]?.focus();
        break;
      case "k":
        links()[Math.max(at - 1, 0)]?.focus();
        break;
      case "x":
        row?.querySelector('input[name="card"]')?.click();
        break;
      default:
        return;
    }
    event.preventDefault();
  });
}
