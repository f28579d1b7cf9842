// Passkeys: forms with data-passkey send what a passkey answers, in their hidden field `credential`.
//   data-passkey="create" with data-options: registers a new one.
//   data-passkey="get" with data-challenge: asks that address for a challenge when the button is pressed.
// The button has data-passkey-button and is hidden until it is known that the browser can; [data-passkey-said] is where
// it says what went wrong, with the texts that the form brings (data-cancelled, data-failed).
"use strict";
(() => {
  const can = window.PublicKeyCredential && window.webauthnJSON && window.webauthnJSON.supported();
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-passkey-button]");
    const said = form.querySelector("[data-passkey-said]");
    const field = form.querySelector("input[name=credential]");
    for (const note of form.querySelectorAll("[data-passkey-without]")) note.hidden = can;
    if (!can) continue;
    form.hidden = false;
    button.hidden = false;
    button.addEventListener("click", async () => {
      said.textContent = "";
      button.disabled = true;
      try {
        field.value = JSON.stringify(await answer(form));
        form.submit();
      } catch (error) {
        said.textContent = error.name === "NotAllowedError" ? form.dataset.cancelled : form.dataset.failed;
        button.disabled = false;
      }
    });
  }

  async function answer(form) {
    if (form.dataset.passkey === "create") return window.webauthnJSON.create(JSON.parse(form.dataset.options));
    const response = await fetch(form.dataset.challenge, { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(`The challenge answers ${response.status}.`);
    return window.webauthnJSON.get((await response.json()).request_options);
  }
})();
