// Sends what was answered here, and brings the cards of the next days. The server decides what counts.

import { language } from "../words.js";
import * as store from "./store.js";

const AT_ONCE = 100;
const FRESH_FOR = 10 * 60 * 1000;
const PICTURES = "pictures";

// Thrown when nobody answers, or not as the server does.
export class Away extends Error {}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, { cache: "no-store", ...options });
  } catch {
    throw new Away(path);
  }
  if (response.status >= 500) throw new Away(path);
  return response;
}

async function fetchPack() {
  const response = await ask("/study/pack");
  if (!response.ok) throw new Away("/study/pack");
  return response.json();
}

async function post(batch, token, person) {
  const told = { sent: Date.now(), answers: batch.map(({ id, card, at, grade, duration, undoes }) => ({ id, card, at, grade, duration, undoes })) };
  return ask("/study/reviews", { method: "POST", body: new URLSearchParams({ csrf_token: token, ...(person && { person }), reviews: JSON.stringify(told) }) });
}

async function deliver(batch) {
  // Who has tried to send an answer cannot know that it did not arrive: it is taken back by an undo, not left out.
  await store.putAll(batch.map((answer) => ({ ...answer, tried: true })));
  // Whoever is signed in now, the answers belong to whom the cards were given to.
  const pack = await store.kept("pack");
  let response = await post(batch, pack?.token ?? "", pack?.person);
  if (response.status === 403) response = await post(batch, (await fetchPack()).token, pack?.person);
  if (!response.ok) throw new Away("/study/reviews");
  return response.json();
}

async function send() {
  const said = new Set();
  const waiting = (await store.answers()).filter((answer) => !answer.sent);
  await ask("/healthz");
  if (!waiting.length) return { sent: 0, said: [] };
  await changed();
  let sent = 0;
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    const batch = waiting.slice(at, at + AT_ONCE);
    const { receipts, clock } = await deliver(batch);
    const taken = new Set(), refused = [], kept = new Set();
    for (const { id, told, sentence } of receipts) {
      if (told === "refused") refused.push(id);
      else if (told === "unreadable") kept.add(id);
      else taken.add(id);
      // What is kept is sent again and again, but told of once.
      if (sentence && !batch.find((answer) => answer.id === id)?.told) said.add(sentence);
    }
    if (clock) said.add(clock);
    await store.putAll(batch.filter(({ id }) => taken.has(id)).map((answer) => ({ ...answer, tried: true, sent: true })));
    await store.putAll(batch.filter(({ id }) => kept.has(id)).map((answer) => ({ ...answer, tried: true, told: true })));
    await store.removeAll(refused);
    sent += taken.size + refused.length;
  }
  return { sent, said: [...said] };
}

async function keepFiles(pack) {
  const cache = await caches.open(PICTURES);
  const wanted = new Set(pack.cards.flatMap((card) => card.files));
  const there = new Map((await cache.keys()).map((request) => [new URL(request.url).pathname, request]));
  await Promise.allSettled([...wanted].filter((path) => !there.has(path)).map((path) => cache.add(path)));
  for (const [path, request] of there) if (!wanted.has(path)) await cache.delete(request);
}

async function renew() {
  const known = (await store.answers()).filter((answer) => answer.sent).map((answer) => answer.id);
  const asked = Date.now();
  // By this device's clock, however wrong: it is compared with nothing else.
  const pack = { ...(await fetchPack()), made: asked };
  await store.renew(pack, known);
  if (globalThis.caches) await keepFiles(pack);
}

export async function waiting() {
  return (await store.answers()).filter((answer) => !answer.sent).length;
}

async function isOld() {
  const pack = await store.kept("pack");
  return pack?.language !== language || (await store.kept("changed")) > pack.made || Math.abs(Date.now() - pack.made) > FRESH_FOR;
}

// Note that the server knows more than the pack does.
export const changed = () => store.keep("changed", Date.now());

// Send what waits, then bring another pack where this one is old; two tabs do so one after the other.
export function sync() {
  return navigator.locks.request("recto-sync", async () => {
    const outcome = await send();
    if (await isOld()) await renew();
    return outcome;
  });
}

// Send alone: the card that is being asked stays.
export function sendOnly() {
  return navigator.locks.request("recto-sync", send);
}

export async function forgetFiles() {
  if (!globalThis.caches) return;
  for (const name of await caches.keys()) await caches.delete(name);
}
