// A colour picker beside a field with a colour: it has data-colour-of, the id of the field, and is hidden without this
// script. What is picked is written to the field, and a colour that is typed shows in the picker.
"use strict";
(() => {
  for (const picker of document.querySelectorAll("[data-colour-of]")) {
    const field = document.getElementById(picker.dataset.colourOf);
    if (!field) continue;
    picker.hidden = false;
    picker.addEventListener("input", () => { field.value = picker.value; });
    field.addEventListener("input", () => {
      if (/^#[0-9a-f]{6}$/i.test(field.value.trim())) picker.value = field.value.trim().toLowerCase();
    });
  }
})();
