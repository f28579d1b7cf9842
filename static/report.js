// The report without this is whole. It lights up the mark of a row that is pointed at, and shows one category alone.
(() => {
  "use strict";
  const points = new Map();
  for (const point of document.querySelectorAll(".pt-a")) {
    const code = decodeURIComponent(point.getAttribute("href").slice(1));
    points.set(code, [...(points.get(code) || []), point]);
  }
  const rows = [...document.querySelectorAll(".ranks tbody tr[id]")];
  const light = (row, on) => (points.get(row.id) || []).forEach((point) => point.classList.toggle("on", on));
  for (const row of rows) {
    row.addEventListener("mouseenter", () => light(row, true));
    row.addEventListener("mouseleave", () => chosen || light(row, false));
    for (const point of points.get(row.id) || []) {
      point.addEventListener("mouseenter", () => row.classList.add("on"));
      point.addEventListener("mouseleave", () => row.classList.remove("on"));
    }
  }
  let chosen = "";
  const category = (row) => (row.querySelector("td.cat") || {}).textContent || "";
  const names = [...new Set(rows.map(category))].filter(Boolean);
  const block = document.querySelector(".tier-block");
  if (names.length < 2 || names.length > 12 || !block) return;
  const bar = document.createElement("div");
  bar.className = "filter";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", document.querySelector("th.cat").textContent);
  const show = () => {
    for (const button of bar.children) button.setAttribute("aria-pressed", button.textContent === chosen);
    for (const row of rows) {
      const shown = !chosen || category(row) === chosen;
      row.hidden = !shown;
      if (row.classList.contains("has-note")) row.nextElementSibling.hidden = !shown;
      light(row, chosen !== "" && shown);
    }
    for (const drawing of document.querySelectorAll(".chart.matrix")) drawing.classList.toggle("faded", chosen !== "");
  };
  for (const name of names) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", () => {
      chosen = chosen === name ? "" : name;
      show();
    });
    bar.append(button);
  }
  block.before(bar);
  show();
})();
