// Asks before forms with unsaved changes are left, and before one of them is sent while another has some.
// Without this script the forms work as well.
(() => {
  const forms = [...document.querySelectorAll("form[data-unsaved]")];
  if (!forms.length) return;
  let sent = null;
  const changed = (field) =>
    field.type === "radio" || field.type === "checkbox"
      ? field.checked !== field.defaultChecked
      : "defaultValue" in field && field.value !== field.defaultValue;
  // A form that comes back with errors holds what was typed: nothing of that is saved yet.
  const dirty = (form) => form.dataset.unsaved === "yes" || [...form.elements].some(changed);

  addEventListener("submit", (event) => { sent = event.target; });
  addEventListener("pageshow", () => { sent = null; });
  addEventListener("beforeunload", (event) => {
    if (forms.some((form) => form !== sent && dirty(form))) event.preventDefault();
    // Whoever stays may send another form next.
    sent = null;
  });
})();
