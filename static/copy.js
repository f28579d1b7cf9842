// A button with data-copy copies the text or the value of the element with that id, and says so for a moment in the
// words of data-copied. It is hidden until it is known that the browser can: without HTTPS most cannot.
"use strict";
(() => {
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll("[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    if (!source) continue;
    const said = button.querySelector("[data-copy-said]");
    const usual = said.textContent;
    let back;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = source.value === undefined ? source.textContent.trim() : source.value;
      try {
        await navigator.clipboard.writeText(text);
        said.textContent = button.dataset.copied;
      } catch {
        said.textContent = button.dataset.failed;
      }
      clearTimeout(back);
      back = setTimeout(() => { said.textContent = usual; }, 4000);
    });
  }
})();
