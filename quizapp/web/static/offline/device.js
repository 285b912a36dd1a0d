// Keeps this browser ready to study without the server, where its person asked for that in Settings.

import * as store from "./store.js";
import { language, said, saidMany } from "../words.js";
import { Away, changed, forgetFiles, sync, waiting } from "./sync.js";

const SWITCH = "offline";
const SETTLE = 60_000; // after a change, until the pack is brought anew

export function isOn() {
  try { return localStorage.getItem(SWITCH) === "on"; } catch { return false; }
}

export async function turnOn() {
  localStorage.setItem(SWITCH, "on");
  await navigator.serviceWorker?.register("/worker.js");
  return upToDate();
}

export async function forget() {
  try { localStorage.removeItem(SWITCH); } catch { /* nothing was kept */ }
  for (const one of (await navigator.serviceWorker?.getRegistrations()) ?? []) await one.unregister();
  await store.forget();
  await forgetFiles();
}

export async function showWaiting() {
  const count = await waiting();
  for (const chip of document.querySelectorAll("#waiting")) {
    const sentence = saidMany("%(num)s answer waits to be sent", "%(num)s answers wait to be sent", count);
    if (chip.textContent !== sentence) chip.textContent = sentence;
    chip.hidden = !count;
  }
  return count;
}

function tell(sentence, action) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.append(sentence, ...(action ? [" ", action] : []));
  document.getElementById("news").append(toast);
}

// What the page shows was counted before the answers came.
function reloading() {
  const link = Object.assign(document.createElement("a"), { className: "btn", textContent: said("Show the new figures") });
  link.href = location.href;
  return link;
}

export function tellOf({ sent, said: sentences }) {
  const isOpen = !document.body.classList.contains("offline");
  if (sent) tell(saidMany("%(num)s answer that you gave without a connection was sent.", "%(num)s answers that you gave without a connection were sent.", sent), isOpen && reloading());
  sentences.forEach((sentence) => tell(sentence));
}

// Send and fetch; say what there is to say, and whether the server answered.
export async function upToDate() {
  try {
    tellOf(await sync());
    return true;
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    return false;
  } finally {
    await showWaiting();
  }
}

function begin() {
  navigator.serviceWorker?.register("/worker.js");
  addEventListener("online", upToDate);
  let settling;
  document.addEventListener("htmx:after:request", (event) => {
    if (event.detail.ctx?.request.method !== "POST") return;
    changed();
    clearTimeout(settling);
    settling = setTimeout(upToDate, SETTLE);
  });
  return upToDate();
}

function whatIsKept(pack) {
  const day = new Date(pack.ends.at(-1)).toLocaleDateString(language, { weekday: "long" });
  return saidMany("%(num)s card is kept on this device, up to %(day)s.", "%(num)s cards are kept on this device, up to %(day)s.", pack.cards.length, { day });
}

async function offerInSettings(section) {
  const on = section.querySelector(".keep-cards"), off = section.querySelector(".forget-cards"), state = section.querySelector("[role=status]");
  const show = async (text) => {
    on.hidden = isOn();
    off.hidden = !isOn();
    const pack = isOn() ? await store.kept("pack") : null;
    state.textContent = text || (pack ? whatIsKept(pack) : said("Nothing is kept on this device."));
  };
  section.hidden = false;
  on.addEventListener("click", async () => {
    await show(said("Fetching the cards of the next three days…"));
    await show(await turnOn() ? "" : said("The server did not answer, so nothing is kept yet. Try again in a moment."));
  });
  let warned = false;
  off.addEventListener("click", async () => {
    const count = warned || (await upToDate()) ? 0 : await waiting();
    if (count) {
      warned = true;
      await show(saidMany(
        "%(num)s answer waits to be sent, and the server does not answer. Press again to forget it, too.",
        "%(num)s answers wait to be sent, and the server does not answer. Press again to forget them, too.",
        count,
      ));
      return;
    }
    warned = false;
    await forget();
    await showNothing();
    await show(said("Forgotten: no card and no answer is kept on this device."));
  });
  await show("");
}

function showNothing() {
  for (const chip of document.querySelectorAll("#waiting")) chip.hidden = true;
}

const section = document.getElementById("offline-device");
if (section && isSecureContext) await offerInSettings(section);
if (isOn() && !document.body.classList.contains("offline")) await begin();
