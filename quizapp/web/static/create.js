// Adding documents: show what is chosen, refuse what cannot be taken before it travels, do one thing at a time.


import { language, said, saidMany } from "./words.js";

const LIMIT = 20 * 1024 * 1024;
const form = document.getElementById("create");
const file = document.getElementById("file");
const text = document.getElementById("text");
const url = document.getElementById("url"); // not there where nothing may be fetched
const drop = document.getElementById("drop");
const chosen = document.getElementById("chosen");
const problem = document.getElementById("file-problem");
const working = document.getElementById("working");
const button = form.querySelector("button.big");

// Files. What is chosen or dropped joins what was chosen before; each can be left out again.
let files = [];
let folder = "";
const tenths = (number) => number.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const size = (bytes) => bytes < 1e3 ? saidMany("%(num)s Byte", "%(num)s Bytes", bytes) : bytes < 1e6 ? `${tenths(bytes / 1e3)} kB` : `${tenths(bytes / 1e6)} MB`;
const same = (one) => (other) => ["name", "size", "lastModified"].every((key) => one[key] === other[key]);

function choose(list) {
  files = list;
  const carried = new DataTransfer();
  files.forEach((one) => carried.items.add(one));
  file.files = carried.files;
  chosen.replaceChildren(...files.map(line));
  chosen.hidden = !files.length;
  document.querySelectorAll("#news .bad").forEach((toast) => toast.remove()); // it was about what had been chosen
  check();
}

function line(one) {
  const item = document.getElementById("chosen-file").content.cloneNode(true);
  item.querySelector(".name").textContent = one.name;
  item.querySelector(".size").textContent = size(one.size);
  const leaveOut = item.querySelector("button");
  leaveOut.setAttribute("aria-label", said("Leave out %(name)s", { name: one.name }));
  leaveOut.addEventListener("click", () => { choose(files.filter((other) => other !== one)); file.focus(); });
  return item;
}

const add = (list) => choose([...files, ...Array.from(list).filter((one) => !files.some(same(one)))]);
file.addEventListener("change", () => { folder = ""; add(file.files); });

function wrongWithFiles() {
  if (folder) return said("“%(name)s” is a folder. Choose the files in it, or a zip of it.", { name: folder });
  const large = files.find((one) => one.size > LIMIT);
  if (large) return said("“%(name)s” is larger than 20 MB. Split it and add its parts one by one.", { name: large.name });
  const sum = files.reduce((total, one) => total + one.size, 0);
  return sum > LIMIT ? said("Recto takes up to 20 MB at once. Leave some of these files out.") : "";
}

// One way at a time: what would not be read is told, and never dropped in silence.
function wrongAtAll() {
  const held = form.querySelector("[name=held]:checked") !== null;
  const ways = [files.length || held ? said("files") : "", url?.value.trim() ? said("an address") : "", text.value.trim() ? said("a text") : ""].filter(Boolean);
  if (ways.length > 1) return said("You gave %(ways)s. Recto takes one at a time: empty the other.", { ways: ways.join(said(" and ")) });
  return ways.length || folder ? "" : said("Choose a file or paste a text first.");
}

function check() {
  const wrong = wrongWithFiles();
  file.setCustomValidity(wrong);
  text.setCustomValidity(wrongAtAll());
  url?.setCustomValidity("");
  if (url?.validity.typeMismatch) url.setCustomValidity(said("This is no address of a page. Copy it from your browser, as in https://example.org/page."));
  problem.textContent = wrong;
  problem.hidden = !wrong;
}
// An address is known by its look, too: example.org/tides.
url?.addEventListener("change", () => { if (/^[\w-]+(\.[\w-]+)+([/?#]|$)/.test(url.value.trim())) url.value = `https://${url.value.trim()}`; });
for (const field of [text, url]) field?.addEventListener("input", check);
form.addEventListener("change", check);
// A field that is folded away cannot say what is wrong.
form.addEventListener("invalid", (event) => event.target.closest("details")?.setAttribute("open", ""), true);

// Files may be dropped anywhere: beside the frame, the browser would leave the page for them, and what was typed.
const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  drop.closest("details")?.setAttribute("open", "");
  drop.classList.add("over");
});
addEventListener("dragleave", (event) => { if (!event.relatedTarget) drop.classList.remove("over"); });
addEventListener("drop", (event) => {
  drop.classList.remove("over");
  if (!carriesFiles(event)) return;
  event.preventDefault();
  const entries = Array.from(event.dataTransfer.items, (item) => item.webkitGetAsEntry?.());
  folder = entries.find((entry) => entry?.isDirectory)?.name ?? "";
  add(Array.from(event.dataTransfer.files).filter((_, place) => !entries[place]?.isDirectory));
});

// What is copied from a page or a word processor has its headings, lists and tables with it; a change by hand drops them.
const rich = document.getElementById("rich");
const note = document.getElementById("rich-note");
let copied = "";
text.addEventListener("paste", (event) => {
  const fillsAll = !text.value.trim() || text.selectionEnd - text.selectionStart === text.value.length;
  copied = fillsAll ? event.clipboardData.getData("text/html") : "";
});
text.addEventListener("input", () => {
  rich.value = text.value.trim() ? copied : "";
  note.hidden = !rich.value;
  copied = "";
});

// The answer to the form is a job, whose block shows how far it is; until that is over, one is enough.
const isWorking = () => form.querySelector(".job.running") !== null;
form.addEventListener("htmx:before:request", (event) => {
  if (event.target !== form) return;
  button.disabled = true;
  working.textContent = said("Sending…"); // a large file takes a while from a phone
});
for (const name of ["htmx:after:swap", "htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, () => {
    button.disabled = isWorking();
    if (!working.childElementCount) working.textContent = "";
  });
}
// A page that comes back may have files and words in its fields.
addEventListener("pageshow", () => { button.disabled = isWorking(); choose(Array.from(file.files)); });
choose(Array.from(file.files));
