// Copies what stands beside a button; without a script, or where the browser refuses, it is marked, to be copied by hand.

document.addEventListener("click", async (event) => {
  const button = event.target.closest(".copies");
  if (!button) return;
  const text = button.parentElement.querySelector("input");
  text.select();
  try { await navigator.clipboard.writeText(text.value); } catch { return; }
  button.querySelector("span").textContent = button.dataset.copied;
});
