// Adding documents: drop files, refuse what is too large before it travels, do one thing at a time.

const LIMIT = 20 * 1024 * 1024;
const form = document.getElementById("create");
const file = document.getElementById("file");
const text = document.getElementById("text");
const url = document.getElementById("url"); // not there where nothing may be fetched
const drop = document.getElementById("drop");
const button = form.querySelector("button.big");

function check() {
  const size = Array.from(file.files).reduce((sum, chosen) => sum + chosen.size, 0);
  const isTooLarge = file.files.length > 1 ? "Recto takes up to 20 MB at once. Choose fewer files." : "Recto takes up to 20 MB at once. Split the document and add its parts one by one.";
  file.setCustomValidity(size > LIMIT ? isTooLarge : "");
  text.setCustomValidity(file.files.length || text.value.trim() || url?.value.trim() ? "" : "Choose a file or paste a text first.");
}
file.addEventListener("change", () => { check(); file.reportValidity(); });
text.addEventListener("input", check);

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
url?.addEventListener("input", check);
check();

for (const kind of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", kind === "dragover");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    file.files = event.dataTransfer.files;
    file.dispatchEvent(new Event("change"));
  });
}

// The answer to the form is a job, whose block shows how far it is; until that is over, one is enough.
const isWorking = () => form.querySelector(".job.running") !== null;
form.addEventListener("htmx:before:request", (event) => { if (event.target === form) button.disabled = true; });
for (const name of ["htmx:after:swap", "htmx:response:error", "htmx:error"]) {
  document.addEventListener(name, () => { button.disabled = isWorking(); });
}
addEventListener("pageshow", () => { button.disabled = isWorking(); });
