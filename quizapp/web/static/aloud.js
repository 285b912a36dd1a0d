// Cards read aloud by the browser, in the language of the card: by a button and its key, or by themselves where that is wished.

const voice = globalThis.speechSynthesis;
const stored = () => { try { return localStorage.getItem("read-aloud") === "on"; } catch { return false; } };
let last = "";

// What is read: the answer once it is shown, else the question with what there is to choose from.
function parts() {
  const answer = document.querySelector("#study .answer .back, #study .answer .options, #study .answer .dots");
  if (answer) return [answer];
  return [...document.querySelectorAll("#study .prompt, #study form.options, #study .to-order, #study .reveal")];
}

function words(element) {
  const copy = element.cloneNode(true);
  copy.querySelectorAll("math").forEach((formula) => formula.replaceWith(formula.getAttribute("alttext")));
  copy.querySelectorAll("kbd, svg, .sr, .verdict, .place, .hidden-item").forEach((extra) => extra.remove());
  copy.querySelectorAll("li, p, .option, br").forEach((end) => end.append(". "));
  return copy.textContent.replaceAll("[…]", ", ").replace(/\s+/g, " ").trim();
}

function read() {
  voice.cancel();
  for (const part of parts()) {
    const said = new SpeechSynthesisUtterance(words(part));
    const named = part.closest("[lang]:not(html)") ?? part.querySelector("[lang]");
    if (named) said.lang = named.lang;
    if (said.text) voice.speak(said);
  }
}

function show() {
  document.querySelectorAll(".aloud").forEach((element) => { element.hidden = false; });
  document.querySelectorAll(".aloud-on").forEach((box) => { box.checked = stored(); });
  const now = parts().map(words).join("\n");
  if (now === last) return;
  voice.cancel();
  last = now;
  if (stored()) read();
}

if (voice) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.("button.aloud")) return;
    if (voice.speaking) voice.cancel();
    else read();
  });
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".aloud-on")) return;
    try { localStorage.setItem("read-aloud", event.target.checked ? "on" : "off"); } catch { /* private window: off */ }
  });
  document.addEventListener("htmx:after:swap", show);
  addEventListener("pagehide", () => voice.cancel());
  show();
}
