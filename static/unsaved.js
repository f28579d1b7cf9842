// Asks before a form with unsaved changes is left. Without this script the form works as well.
(() => {
  const form = document.querySelector("form[data-unsaved]");
  if (!form) return;
  let sent = false;
  const changed = (field) =>
    field.type === "radio" || field.type === "checkbox"
      ? field.checked !== field.defaultChecked
      : "defaultValue" in field && field.value !== field.defaultValue;
  // A form that comes back with errors holds what was typed: nothing of that is saved yet.
  const dirty = () => form.dataset.unsaved === "yes" || [...form.elements].some(changed);

  form.addEventListener("submit", () => { sent = true; });
  addEventListener("pageshow", () => { sent = false; });
  addEventListener("beforeunload", (event) => {
    if (!sent && dirty()) event.preventDefault();
  });
})();
