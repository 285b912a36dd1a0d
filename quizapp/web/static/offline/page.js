// The page that asks what this browser keeps: turned over, chosen, revealed and graded without the server.

import { language, said } from "../words.js";
import { isOn, showWaiting, tellOf, turnOn, upToDate } from "./device.js";
import * as queue from "./queue.js";
import * as store from "./store.js";
import { Away, sendOnly } from "./sync.js";

const $ = (id) => document.getElementById(id);
const GRADES = ["", "again", "hard", "good", "easy"];
const NAMES = ["", said("Again"), said("Hard"), said("Good"), said("Easy")];
const RETRY = 20_000;
let pack = null, given = [], place = null, since = 0, isAway = false, isBegun = false;

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function key(name) {
  const made = element("kbd", { textContent: name });
  made.setAttribute("aria-hidden", "true");
  return made;
}

function button(label, press) {
  const made = element("button", { type: "button", className: "btn primary big grow wide" }, label, " ", key(said("Space")));
  made.setAttribute("aria-keyshortcuts", "Space");
  made.addEventListener("click", press, { once: true });
  return made;
}

function time(at) {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return new Date(at).toLocaleString(language === "en" ? "en-GB" : language, isToday ? { timeStyle: "short" } : { weekday: "long", hour: "2-digit", minute: "2-digit" });
}

// Before the answer.

function showFront() {
  const { card } = place;
  isBegun = false;
  $("sides").innerHTML = card.front;
  $("deck").textContent = card.deck;
  $("phase").hidden = !place.isNew && !place.inSteps;
  $("phase").textContent = place.isNew ? said("New") : said("Learning");
  const hidden = [...$("sides").querySelectorAll(".hidden-item")];
  const options = [...$("sides").querySelectorAll("[data-choice]")];
  for (const option of options) option.addEventListener("click", () => showBack(Number(option.dataset.choice)), { once: true });
  $("dock").replaceChildren(hidden.length ? reveal(hidden, 0) : button(said("Show answer"), () => showBack(null)));
  $("sides").querySelector(".prompt").focus();
}

function reveal(hidden, shown) {
  return button(said("Show %(place)s of %(total)s", { place: shown + 1, total: hidden.length }), () => {
    const item = hidden[shown];
    isBegun = true;
    item.replaceChildren(item.querySelector("template").content);
    item.classList.remove("hidden-item");
    if (shown + 1 === hidden.length) return showBack(null);
    $("dock").replaceChildren(reveal(hidden, shown + 1));
    item.focus();
  });
}

// With the answer.

function showBack(choice) {
  isBegun = true;
  $("sides").innerHTML = place.card.back;
  const option = choice === null ? null : $("sides").querySelectorAll(".options > .option")[choice];
  const isRight = option?.classList.contains("is-right");
  if (option && !isRight) {
    option.classList.replace("is-rest", "is-wrong");
    option.append(element("span", { className: "verdict", textContent: said("Your answer") }));
  } else if (option) {
    option.querySelector(".verdict").textContent = said("Correct");
  }
  $("dock").replaceChildren(ratings(option ? (isRight ? 3 : 1) : null));
  $("sides").querySelector(".answer").focus();
}

function ratings(suggested) {
  const buttons = place.buttons(Date.now());
  const row = element("div", { className: buttons.length === 2 ? "ratings two" : "ratings", role: "group" });
  row.setAttribute("aria-label", said("How well did you know it?"));
  buttons.forEach(([grade, interval], index) => {
    const rate = element("button", { type: "button", className: `rate ${GRADES[grade]}` }, element("b", { textContent: NAMES[grade] }), element("span", { textContent: interval }), key(index + 1));
    if (suggested === grade) rate.classList.add("fits");
    const keys = [`${index + 1}`, grade !== index + 1 && `${grade}`, grade === (suggested ?? 3) && "Space"];
    rate.setAttribute("aria-keyshortcuts", keys.filter(Boolean).join(" "));
    rate.addEventListener("click", () => answer(grade), { once: true });
    row.append(rate);
  });
  return row;
}

async function answer(grade) {
  $("dock").replaceChildren();
  const now = Date.now();
  await store.put({ id: crypto.randomUUID(), card: place.card.id, grade, at: now, duration: now - since });
  await ask();
  await deliver();
}

async function undo() {
  const last = queue.counting(given).at(-1);
  if (!last) return;
  if (last.tried) await store.put({ id: crypto.randomUUID(), card: last.card, undoes: last.id, at: Math.max(Date.now(), last.at + 1) });
  else await store.remove(last.id);
  await ask(last.card);
  await deliver();
}

// What comes next.

async function load() {
  [pack, given] = [await store.kept("pack"), await store.answers()];
}

async function ask(cardId = null) {
  await load();
  show(cardId);
  await showWaiting();
}

function show(cardId = null) {
  const now = Date.now();
  const standing = pack ? queue.places(pack, given) : [];
  place = standing.find((one) => one.card.id === cardId) ?? queue.next(standing, now);
  since = now;
  const count = queue.left(standing, now);
  $("left").textContent = pack ? said("%(count)s left", { count }) : "";
  $("undo").hidden = !queue.counting(given).length;
  $("card").hidden = !place;
  $("nothing").hidden = Boolean(place);
  $("dock").parentElement.hidden = !place;
  if (place) showFront();
  else showNothing(standing, now);
}

function showNothing(standing, now) {
  $("keep").hidden = Boolean(pack);
  $("again").hidden = !pack || !isAway;
  $("nothing-title").textContent = pack ? said("That is all this device has for now.") : said("This device keeps no cards yet.");
  const next = queue.coming(standing, now);
  $("nothing-text").textContent = !pack
    ? said("With the cards of the next three days on this device you can study when the server is off or far away. They stay in this browser until you forget the device in Settings.")
    : next ? said("The next card comes %(time)s.", { time: time(next) })
    : said("What is kept here reached to %(time)s. The rest waits at the server.", { time: time(pack.ends.at(-1)) });
}

function showState() {
  const away = pack
    ? said("The server does not answer. Your answers are kept on this device and sent as soon as it is back.")
    : said("The server does not answer. Cards can be fetched when it is back.");
  $("state").textContent = isAway ? away : pack ? said("Connected: your answers are sent as you give them.") : "";
}

async function deliver() {
  const hadWaited = isAway;
  try {
    const outcome = await sendOnly();
    isAway = false;
    // What is sent as it is given is not worth a word; what the server says of it is.
    tellOf(hadWaited ? outcome : { ...outcome, sent: 0 });
  } catch (error) {
    if (!(error instanceof Away)) throw error;
    isAway = true;
  }
  showState();
  await showWaiting();
}

async function open() {
  if (isOn()) {
    await ask();
    isAway = !(await upToDate());
  }
  await load();
  // A card that was begun meanwhile stays as it is.
  if (!isBegun) show();
  showState();
}

const theme = /(?:^|; )theme=(light|dark)/.exec(document.cookie)?.[1];
if (theme) document.documentElement.dataset.theme = theme;
$("undo").addEventListener("click", undo);
$("again").addEventListener("click", open);
$("keep").addEventListener("click", async () => {
  $("nothing-text").textContent = said("Fetching the cards of the next three days…");
  isAway = !(await turnOn());
  await ask();
  showState();
});
addEventListener("online", () => isOn() && deliver());
setInterval(async () => { if (isOn() && isAway) await deliver(); }, RETRY);
await open();
