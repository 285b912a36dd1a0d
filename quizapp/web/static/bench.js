// The bench: the quote of the open draft stays marked and in sight in the source beside it.

const source = document.getElementById("source");

function follow() {
  const open = document.getElementById("proposals").dataset.open;
  let first = null;
  for (const mark of source.querySelectorAll("mark")) {
    const isOn = mark.dataset.drafts.split(" ").includes(open);
    mark.classList.toggle("on", isOn);
    if (isOn) first ??= mark;
  }
  // Only the pane scrolls: on a phone the source stands below, and the page must stay at the draft.
  if (first && source.scrollHeight > source.clientHeight) {
    const offset = first.getBoundingClientRect().top - source.getBoundingClientRect().top;
    source.scrollTop += offset - source.clientHeight / 3;
  }
}

document.addEventListener("htmx:after:swap", follow);
source.addEventListener("click", (event) => {
  const mark = event.target.closest("mark");
  const number = mark?.dataset.drafts.split(" ")[0];
  if (number) source.querySelector(`sup a[href$="at=${number}"]`)?.click();
});
follow();
