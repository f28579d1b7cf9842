// Saves an answer while it is given, and counts along. Without this script the form works as well.
(() => {
  const form = document.querySelector("#answer");
  if (!form) return;
  const status = document.querySelector("#saved");
  const bar = form.querySelector("progress");
  const count = document.querySelector("#answered");
  const say = form.dataset;
  let dirty = false, busy = false, sent = false, wait = 0, timer;

  const show = (text, good) => {
    if (status.textContent !== text) status.textContent = text;
    status.classList.toggle("is-saved", good);
    status.classList.toggle("unsaved", !good);
  };
  const later = (ms) => {
    clearTimeout(timer);
    timer = setTimeout(save, ms);
  };
  const post = () => fetch(say.save, {
    method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "text/plain" }, keepalive: true,
  });

  async function save() {
    if (!say.save || !dirty || busy || sent) return;
    busy = true;
    dirty = false;
    try {
      const answer = await post();
      if (!answer.ok) throw answer;
      const now = new Date().toLocaleTimeString(say.lang, { hour: "2-digit", minute: "2-digit" });
      show(answer.status === 204 ? `${say.saved} ${now}` : await answer.text(), answer.status === 204);
      wait = 0;
    } catch {
      // Nothing is lost: the answers stand on the page, and the next try takes all of them along.
      dirty = true;
      wait = Math.min((wait || 1) * 2, 60);
      if (!sent) show(navigator.onLine ? say.failed : say.offline, false);
    }
    busy = false;
    if (dirty) later((wait || 0.6) * 1000);
  }

  // Places of a ranking: what one issue has, no other can be given.
  const places = [...form.querySelectorAll(".place select")];
  const offer = () => {
    for (const one of places) {
      for (const option of one.options) {
        option.disabled = option.value !== "" && places.some((other) => other !== one && other.value === option.value);
      }
    }
  };
  const tally = () => {
    const chosen = form.querySelectorAll(".q input:checked, .pick input:checked").length;
    const given = places.filter((one) => one.value).length;
    count.textContent = chosen + given;
    bar.value = chosen + given;
    count.closest("b").classList.toggle("over", chosen + given > bar.max);
  };
  offer();

  form.addEventListener("change", () => {
    offer();
    tally();
    dirty = true;
    later(600);
  });
  form.addEventListener("input", (event) => {
    if (event.target.type !== "textarea") return;
    dirty = true;
    later(2000);
  });
  // What is sent needs no draft, and a draft that arrives after it would only be refused.
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (say.save && document.hidden && dirty && !sent) post().catch(() => {});
  });
  // Back from a page that could not be reached: the form is in use again.
  addEventListener("pageshow", () => { sent = false; });
})();
