// Which card is asked next of what this browser keeps, worked out from the pack and the answers given since.

const LEARN_AHEAD = 20 * 60 * 1000;

function buttonsOf(pack, card, now) {
  const today = pack.ends.findIndex((end) => now < end);
  const days = today < 0 ? card.buttons.slice(-1) : card.buttons.slice(today);
  return days.find((buttons) => buttons.length) ?? [];
}

function answered(pack, place, answer) {
  const button = place.buttons(answer.at).find(([grade]) => grade === answer.grade);
  const [, , seconds, then] = button ?? [];
  if (typeof seconds !== "number") return { ...place, gone: true };
  const dayEnd = pack.ends.find((end) => answer.at < end) ?? Infinity;
  const start = Math.min(answer.at + seconds * 1000, dayEnd);
  // Further on than was looked, the last buttons are the nearest to what the server will say.
  const next = then.length ? then : place.buttons(answer.at);
  return { ...place, start, inSteps: true, isNew: false, last: answer.at, buttons: () => next };
}

// The answers that count: grades that were not taken back.
export function counting(answers) {
  const undone = new Set(answers.map((answer) => answer.undoes));
  return answers.filter((answer) => answer.grade && !undone.has(answer.id));
}

// Where each card stands, in the order of the pack.
export function places(pack, answers) {
  const byCard = new Map(pack.cards.map((card) => [card.id, {
    card,
    start: card.start,
    inSteps: card.phase === "learning",
    isNew: card.phase === "new",
    gone: false,
    last: 0,
    buttons: (now) => buttonsOf(pack, card, now),
  }]));
  for (const answer of counting(answers)) {
    const place = byCard.get(answer.card);
    if (place && !place.gone) byCard.set(answer.card, answered(pack, place, answer));
  }
  return [...byCard.values()].filter((place) => !place.gone);
}

const soonest = (one, other) => one.start - other.start;

// The place of the card to ask now, as the server chooses: steps that are over, the line of the day, steps that nearly are.
export function next(standing, now) {
  const steps = standing.filter((place) => place.inSteps).sort(soonest);
  if (steps[0]?.start <= now) return steps[0];
  const inLine = standing.find((place) => !place.inSteps && place.start <= now);
  if (inLine) return inLine;
  const near = steps.filter((place) => place.start <= now + LEARN_AHEAD);
  const latest = Math.max(...near.map((place) => place.last));
  return near.find((place) => place.last < latest || !place.last) ?? near[0] ?? null;
}

export function left(standing, now) {
  return standing.filter((place) => place.start <= now + (place.inSteps ? LEARN_AHEAD : 0)).length;
}

// When the next card comes, or null when there is none.
export function coming(standing, now) {
  return [...standing].sort(soonest).find((place) => place.start > now)?.start ?? null;
}
