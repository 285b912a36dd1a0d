// What every page does beyond plain forms and keys: theme, the sign that all is saved.
// Everything here is an addition: without it each page works by links and forms.

import { said } from "./words.js";

const root = document.documentElement;
const stored = (name) => { try { return localStorage.getItem(name); } catch { return null; } };

// Studying without the server is loaded where its person asked for it, and in Settings, where they can.
if (stored("offline") === "on" || document.getElementById("offline-device")) import("./offline/device.js");

// Theme. The server remembers it in a cookie; the script saves the reload, and follows the system again
// once the choice is what the system shows anyway.
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".theme")) return;
  event.preventDefault();
  const wanted = event.submitter.value;
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  const theme = wanted === system ? "" : wanted;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  document.cookie = `theme=${theme}; path=/; max-age=${theme ? 31536000 : 0}; samesite=lax`;
  // The bar that the system draws around an installed Recto goes on from ours.
  const bar = getComputedStyle(document.querySelector(".topbar") ?? document.body).backgroundColor;
  document.querySelectorAll("meta[name=theme-color]").forEach((meta) => { meta.content = bar; });
  document.querySelector(`.theme .to-${wanted === "dark" ? "light" : "dark"}`).focus();
});

// All saved: said by the server's answer alone.
function sign(text, isBad) {
  const saved = document.querySelector("#saved span");
  if (!saved) return;
  saved.textContent = text;
  saved.parentElement.classList.toggle("again", isBad);
}
const changes = (event) => event.detail.ctx?.request.method === "POST" && !event.detail.ctx.request.action.endsWith("/look");
document.addEventListener("htmx:before:request", (event) => {
  if (!changes(event)) return;
  sign(said("Saving…"), false);
  document.querySelectorAll("#news .bad").forEach((toast) => toast.remove());
});
document.addEventListener("htmx:after:request", (event) => changes(event) && event.detail.ctx.response.status < 400 && sign(said("All saved"), false));
document.addEventListener("htmx:response:error", (event) => changes(event) && sign(said("Not saved"), true));
document.addEventListener("htmx:error", (event) => {
  if (!event.detail.ctx) return;
  sign(said("Not saved"), true);
  const toast = document.createElement("div");
  toast.className = "toast bad";
  toast.setAttribute("role", "alert");
  toast.textContent = said("Recto does not answer. Is it still running? What you see here is kept: try again in a moment.");
  document.getElementById("news").replaceChildren(toast);
});
