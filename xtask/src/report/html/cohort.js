"use strict";
(() => {
  const number = (text) => { const found = text.replace("\u2212", "-").match(/^-?\d+(\.\d+)?/); return found ? Number(found[0]) : -Infinity; };
  const cell = (row, column) => row.cells[column].textContent.trim();
  // Sorting: a button in each heading; a second click turns the order round.
  const sortable = (table, after) => {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const numeric = heading.classList.contains("number");
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = heading.textContent;
      heading.textContent = "";
      heading.append(button);
      button.addEventListener("click", () => {
        const before = heading.getAttribute("aria-sort");
        const up = before ? before === "descending" : !numeric;
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        heading.setAttribute("aria-sort", up ? "ascending" : "descending");
        const keyed = [...body.rows].map((row, index) => [numeric ? number(cell(row, column)) : cell(row, column), index, row]);
        keyed.sort((a, b) => {
          const order = numeric ? (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0) : a[0].localeCompare(b[0], undefined, { numeric: true });
          return (up ? order : -order) || a[1] - b[1];
        });
        body.append(...keyed.map((entry) => entry[2]));
        if (after) after();
      });
    });
  };
  const table = document.getElementById("table");
  const map = document.getElementById("map");
  const strips = new Map([...map.tBodies[0].rows].map((row) => [row.dataset.row, row]));
  const follow = () => map.tBodies[0].append(...[...table.tBodies[0].rows].map((row) => strips.get(row.dataset.row)));
  sortable(table, follow);
  sortable(document.getElementById("checks"));
  // Filtering, by name and by a failed check.
  const tools = document.getElementById("tools");
  const find = document.getElementById("find");
  const check = document.getElementById("check");
  const shown = document.getElementById("shown");
  const filter = () => {
    const wanted = find.value.trim().toLocaleLowerCase();
    let count = 0;
    for (const row of table.tBodies[0].rows) {
      const named = (cell(row, 0) + " " + cell(row, 1)).toLocaleLowerCase().includes(wanted);
      const failed = check.value === "" || row.dataset.failed.split(" ").includes(check.value);
      row.hidden = !(named && failed);
      strips.get(row.dataset.row).hidden = row.hidden;
      count += row.hidden ? 0 : 1;
    }
    shown.textContent = count + " of " + table.tBodies[0].rows.length + " students";
  };
  find.addEventListener("input", filter);
  check.addEventListener("change", filter);
  tools.hidden = false;
  // What lies under the pointer in the heat map.
  const under = document.getElementById("under");
  const checks = [...document.getElementById("checks").tBodies[0].rows].map((row) => cell(row, 1) + ": " + row.cells[2].firstElementChild.textContent);
  const meaning = { cp: "pass", cf: "fail", cb: "fails behind another failure", cx: "does not compile", co: "not judged" };
  map.addEventListener("mousemove", (event) => {
    const strip = event.target.closest("svg");
    if (!strip) return;
    const box = strip.getBoundingClientRect();
    const column = Math.min(checks.length - 1, Math.max(0, Math.floor((event.clientX - box.left) / box.width * checks.length)));
    const how = meaning[event.target.getAttribute("class")];
    under.textContent = strip.closest("tr").cells[0].textContent + ", " + checks[column] + (how ? ": " + how : "");
  });
})();
