// What this browser keeps: the pack of the next days, and every answer given since it was made.

const NAME = "recto";

function ended(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = request.oncomplete = () => resolve(request.result);
    request.onerror = request.onabort = () => reject(request.error);
  });
}

async function within(mode, work) {
  const opening = indexedDB.open(NAME, 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore("answers", { keyPath: "id" });
    opening.result.createObjectStore("kept");
  };
  const database = await ended(opening);
  try {
    const transaction = database.transaction(["answers", "kept"], mode, { durability: "strict" });
    const result = work(transaction.objectStore("answers"), transaction.objectStore("kept"));
    await ended(transaction);
    return result?.result ?? null;
  } finally {
    database.close();
  }
}

export const kept = (name) => within("readonly", (_, values) => values.get(name));
export const keep = (name, value) => within("readwrite", (_, values) => values.put(value, name));
export const put = (answer) => within("readwrite", (answers) => answers.put(answer));
export const remove = (id) => within("readwrite", (answers) => answers.delete(id));

// All answers, the first given first.
export async function answers() {
  const found = (await within("readonly", (all) => all.getAll())) ?? [];
  return found.sort((one, other) => one.at - other.at || (one.id < other.id ? -1 : 1));
}

export const putAll = (changed) => within("readwrite", (all) => { changed.forEach((answer) => all.put(answer)); });
export const removeAll = (ids) => within("readwrite", (all) => { ids.forEach((id) => all.delete(id)); });

// Take another pack, which knows the answers that had been sent before it was asked for.
export function renew(pack, known) {
  return within("readwrite", (all, values) => {
    values.put(pack, "pack");
    known.forEach((id) => all.delete(id));
  });
}

export function forget() {
  return ended(indexedDB.deleteDatabase(NAME));
}
