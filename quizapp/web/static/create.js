// Adding a document: drop a file, refuse a large one before it travels, show how far the reading is.

const LIMIT = 20 * 1024 * 1024;
const form = document.getElementById("create");
const file = document.getElementById("file");
const text = document.getElementById("text");
const drop = document.getElementById("drop");
const working = form.querySelector(".working");
const bar = working.querySelector("progress");
const doing = working.querySelector("p");
const button = form.querySelector("button.big");
let timer = 0;

function check() {
  const chosen = file.files[0];
  file.setCustomValidity(chosen && chosen.size > LIMIT ? "Recto takes up to 20 MB at once. Split the document and add its parts one by one." : "");
  text.setCustomValidity(chosen || text.value.trim() ? "" : "Choose a file or paste a text first.");
}
file.addEventListener("change", () => { check(); file.reportValidity(); });
text.addEventListener("input", check);
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

async function ask() {
  try {
    const { share, doing: what } = await (await fetch(form.dataset.progress)).json();
    if (share > 0) bar.value = share;
    if (what) doing.textContent = `${what}.`;
  } catch { /* the answer to the form says what is wrong */ }
}

function show(isWorking) {
  working.hidden = !isWorking;
  button.disabled = isWorking;
  clearInterval(timer);
  if (isWorking) timer = setInterval(ask, 500);
  else bar.removeAttribute("value");
}
form.addEventListener("htmx:before:request", () => show(true));
form.addEventListener("htmx:response:error", () => show(false));
form.addEventListener("htmx:error", () => show(false));
addEventListener("pageshow", () => show(false));
