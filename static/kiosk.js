// On a tablet that many people use: what somebody left unsent is thrown away after two idle minutes, with a warning.
(() => {
  const form = document.querySelector("#answer[data-home]");
  const dialog = document.querySelector("#idle");
  if (!form || !dialog) return;
  const left = dialog.querySelector("output");
  left.setAttribute("aria-live", "off"); // or every second would be read out
  const IDLE_SECONDS = 120, WARNING_SECONDS = 20;
  let idle = 0;

  const begun = () => form.querySelector(".q input:checked, .pick input:checked, .profile input:checked:not([value=''])")
    || [...form.querySelectorAll("select, textarea, .number")].some((field) => field.value)
    || scrollY > innerHeight;
  const rouse = () => {
    idle = 0;
    if (dialog.open) dialog.close();
  };
  for (const event of ["pointerdown", "keydown", "input", "scroll"]) addEventListener(event, rouse, { passive: true });
  setInterval(() => {
    if (!begun()) return;
    idle += 1;
    if (idle >= IDLE_SECONDS) {
      location.replace(form.dataset.home);
      return;
    }
    left.textContent = IDLE_SECONDS - idle;
    if (idle >= IDLE_SECONDS - WARNING_SECONDS && !dialog.open) dialog.showModal();
  }, 1000);
})();
