// Redraws a what-if while its controls are moved. Without this script the form works as well, with its button.
(() => {
  const form = document.querySelector("#whatif-form");
  if (!form) return;
  const result = document.querySelector("#whatif-result");
  const wrong = document.querySelector("#whatif-wrong");
  const said = document.querySelector("#whatif-said");
  const bar = document.querySelector("#whatif-bar");
  const robustness = document.querySelector("#whatif-robustness");
  const kept = document.querySelector("#whatif-query");
  const sliders = () => [...form.querySelectorAll("input[type=range]")];
  const narrow = matchMedia("(max-width: 44rem)");
  const SLOW = 4000, QUIET = 500;
  let asked = null, again = false, still = false, quiet;

  document.querySelector("#whatif-go").hidden = true;

  // One request at a time; what was moved meanwhile is asked for when it is answered, so the latest always wins.
  // One that takes too long gives way.
  function ask() {
    if (asked && performance.now() - asked.since < SLOW) {
      again = true;
      return;
    }
    asked?.abort();
    const current = new AbortController();
    current.since = performance.now();
    asked = current;
    again = false;
    const query = new URLSearchParams(new FormData(form));
    // Where weights come from the same rule as the sliders do, those that were moved say it all.
    if (query.get("weighed-by") === query.get("weights")) {
      query.delete("weighed-by");
      for (const slider of sliders()) if (slider.value === slider.dataset.usual) query.delete(slider.name);
    }
    query.set("drawing", narrow.matches ? "narrow" : "wide");
    // While something moves, certainties come from fewer draws; once it stands, from all.
    current.still = still;
    if (!still) query.set("moving", "yes");
    fetch(`${form.dataset.result}?${query}`, { signal: current.signal, headers: { Accept: "text/html" } })
      .then(async (answer) => {
        const html = await answer.text();
        if (asked !== current) return;
        if (answer.redirected || (answer.status !== 200 && answer.status !== 400)) throw answer;
        if (answer.ok) show(html, current.still);
        else complain(html);
      })
      .catch(() => {
        if (asked === current) complain("", form.dataset.failed);
      })
      .finally(() => {
        if (asked !== current) return;
        asked = null;
        if (again) ask();
      });
  }

  function show(html, whole) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const drawn = page.querySelector(".whatif-drawn");
    for (const one of page.querySelectorAll("#whatif-shares li")) {
      for (const share of form.querySelectorAll(`[data-share="${one.dataset.code}"]`)) share.textContent = one.textContent;
    }
    const weights = page.querySelector("#whatif-new-weights");
    if (weights && !again) form.querySelector("#whatif-weights").replaceChildren(weights.content);
    for (const one of page.querySelectorAll("#whatif-shares, #whatif-new-weights")) one.remove();
    result.replaceChildren(document.adoptNode(drawn));
    result.classList.remove("is-stale");
    wrong.replaceChildren();
    history.replaceState(null, "", form.action + (drawn.dataset.query ? `?${drawn.dataset.query}` : ""));
    if (kept) kept.value = drawn.dataset.wholeQuery;
    bar.hidden = false;
    bar.firstElementChild.textContent = drawn.querySelector("h2").textContent;
    clearTimeout(quiet);
    if (whole) {
      said.textContent = drawn.querySelector("h2").textContent;
      look(drawn.dataset.wholeQuery);
    } else {
      quiet = setTimeout(() => { still = true; ask(); }, QUIET);
    }
  }

  // The table below takes longer: it follows once nothing moves any more, as does what is read out.
  async function look(query) {
    if (!robustness) return;
    const answer = await fetch(`${form.dataset.robustness}?${query}`, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok || answer.redirected || result.firstElementChild?.dataset.wholeQuery !== query) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    robustness.replaceChildren(...document.adoptNode(page.body).childNodes);
  }

  function complain(html, sentence) {
    result.classList.add("is-stale");
    const page = new DOMParser().parseFromString(html, "text/html");
    const notice = page.querySelector(".notice") ?? Object.assign(page.createElement("p"), {
      className: "notice notice-warn", textContent: sentence ?? form.dataset.failed,
    });
    notice.setAttribute("role", "alert");
    wrong.replaceChildren(document.adoptNode(notice));
  }

  function move() {
    still = false;
    clearTimeout(quiet);
    ask();
  }

  form.addEventListener("input", (event) => {
    const field = event.target;
    if (field.type === "range") {
      field.nextElementSibling.textContent = field.value;
      field.parentElement.classList.toggle("changed", field.value !== field.dataset.usual);
    }
    move();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    move();
  });
  // A drawing for the other kind of screen has to be asked for.
  narrow.addEventListener("change", move);
  // A browser that comes back may have other values in the form than the page was drawn with.
  addEventListener("pageshow", (event) => {
    if (event.persisted || sliders().every((slider) => slider.value === slider.defaultValue)) return;
    for (const slider of sliders()) slider.nextElementSibling.textContent = slider.value;
    move();
  });
  if (narrow.matches) document.querySelector("#whatif-fold").open = false;
})();
