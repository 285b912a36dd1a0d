// Reading a document: words that are selected can be made into a card.

const text = document.getElementById("reading");
const offer = document.getElementById("selected");
const link = offer.querySelector("a");
const LIMIT = 2000;  // characters of a quote
const start = link.getAttribute("href");

function follow() {
  const selection = getSelection();
  const range = selection.rangeCount ? selection.getRangeAt(0) : null;
  const inside = range && !range.collapsed && text.contains(range.commonAncestorContainer);
  const from = inside && (range.startContainer.nodeType === Node.TEXT_NODE ? range.startContainer.parentElement : range.startContainer);
  const passage = from && (from.closest("[id^=p]") ?? from.querySelector("[id^=p]"));
  let words = "";
  if (passage) {
    const copy = range.cloneContents();
    copy.querySelectorAll("sup, .sr, .make, .byline").forEach((extra) => extra.remove());
    words = copy.textContent.trim();
  }
  offer.hidden = !words || words.length > LIMIT;
  if (offer.hidden) return;
  link.href = `${start}&passage=${passage.id.slice(1)}&quote=${encodeURIComponent(words)}`;
}

document.addEventListener("selectionchange", follow);
