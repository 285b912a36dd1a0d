// The bookmark that brings any page here. It is run by the browser, on the page that is read: no policy of that page's
// stops it, and it needs nothing there but to open a tab (or, where none may be opened, to go).


import { said } from "./words.js";

const link = document.getElementById("bookmarklet");
const note = document.getElementById("bookmarklet-note");
const code = document.getElementById("bookmarklet-code");
const copy = document.getElementById("bookmarklet-copy");

// An address takes 64 KB at most: of a page where more is marked, all comes.
code.value = `javascript:(()=>{const e=encodeURIComponent,s=e(String(getSelection()).trim()),a='${link.href}?title='+e(document.title)+(s&&s.length<3e4?'&new=yes&text='+s:'&url='+e(location.href));open(a)||(location.href=a)})()`;
link.href = code.value;

// Our own policy lets no script run from a link, so a press would do nothing here, and say nothing.
link.addEventListener("click", (event) => {
  event.preventDefault();
  note.textContent = said("This is not for pressing here. Drag it to the bookmarks bar of your browser, and press it there on a page that you want to keep.");
});

code.addEventListener("focus", () => code.select());
copy.addEventListener("click", async () => {
  code.select();
  try { await navigator.clipboard.writeText(code.value); } catch { return; } // it is marked, to be copied by hand
  copy.querySelector("span").textContent = said("Copied");
});
