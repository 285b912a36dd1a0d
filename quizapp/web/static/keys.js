// Keys. An element says in `aria-keyshortcuts` which keys press it; the first one that can be seen is pressed.
// Unlike all other scripts it runs before the page is drawn, as no module can: what is seen can be pressed at once.

"use strict";
{
  const EDITABLE = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
  const root = document.documentElement;

  function keysOn() {
    try { return localStorage.getItem("single-keys") !== "off"; } catch { return true; }
  }

  function nameOf(event) {
    const key = event.key === " " ? "Space" : event.key.length === 1 ? event.key.toUpperCase() : event.key;
    return event.ctrlKey || event.metaKey ? `Control+${key}` : key;
  }

  function pressedBy(name) {
    const scope = document.querySelector("dialog[open], [popover]:popover-open") ?? document;
    const found = [...scope.querySelectorAll(`[aria-keyshortcuts~="${CSS.escape(name)}"]`)];
    const visible = found.filter((element) => element.checkVisibility());
    // The latest step is taken back first; what stands in a menu is pressed by its key while the menu is closed, too.
    return visible.find((element) => element.closest("#news")) ?? visible[0] ?? found.find((element) => element.closest("[popover]"));
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.repeat) return;
    const name = nameOf(event);
    const target = event.target instanceof Element ? event.target : document.body;
    const typing = target.matches(EDITABLE);
    if (typing && name !== "Escape" && name !== "Control+Enter") return;
    if (!typing && name.length === 1 && !keysOn() && name !== "?") return;
    // Space and Enter already press what has the focus.
    if ((name === "Space" || name === "Enter") && target.closest("a, button, summary, label, input")) return;
    const element = pressedBy(name);
    if (!element) return;
    event.preventDefault();
    element.click();
  });

  // The list of keys comes into a dialog; without a script its link leads to a page.
  document.addEventListener("htmx:after:swap", () => {
    const dialog = document.getElementById("keys");
    if (dialog.childElementCount && !dialog.open) dialog.showModal();
  });
  document.addEventListener("close", (event) => event.target.id === "keys" && event.target.replaceChildren(), true);

  // Single keys can be switched off on a device.
  function showKeys() {
    root.classList.toggle("quiet-keys", !keysOn());
    document.querySelectorAll(".keys-on").forEach((box) => { box.checked = keysOn(); });
  }
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".keys-on")) return;
    try { localStorage.setItem("single-keys", event.target.checked ? "on" : "off"); } catch { /* private window: on until it closes */ }
    showKeys();
  });
  document.addEventListener("DOMContentLoaded", showKeys);
  document.addEventListener("htmx:after:swap", showKeys);
  showKeys();
}
