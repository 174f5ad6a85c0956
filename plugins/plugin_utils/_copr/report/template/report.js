"use strict";

// Without this script the page is complete; with it, its tables can be filtered.
const form = document.getElementById("filter");
const [name, chroot, state] = ["by-package", "by-chroot", "by-state"]
  .map((id) => document.getElementById(id));
const items = [...document.querySelectorAll("[data-package]")]
  .map((element) => ({
    element,
    package: element.dataset.package.toLowerCase(),
    cells: JSON.parse(element.dataset.cells),
  }));
const columns = [...document.querySelectorAll("[data-column]")];
const groups = [...document.querySelectorAll("[data-group]")];
const packages = items.filter((item) => item.element.closest(".matrix"));

function fits(item) {
  const anything = !chroot.value && !state.value;
  return item.package.includes(name.value.trim().toLowerCase())
    && (anything || item.cells.some(([where, what]) =>
      (!chroot.value || where === chroot.value) && (!state.value || what === state.value)));
}

function filter() {
  for (const item of items) {
    item.element.hidden = !fits(item);
  }
  for (const column of columns) {
    column.hidden = Boolean(chroot.value) && column.dataset.column !== chroot.value;
  }
  for (const group of groups) {
    group.hidden = !group.querySelector("[data-package]:not([hidden])");
  }
  const count = packages.filter((item) => !item.element.hidden).length;
  document.getElementById("shown").textContent =
    `${count} of ${packages.length} packages shown`;
}

form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
// A form is empty only after this event.
form.addEventListener("reset", () => setTimeout(filter));
form.hidden = packages.length === 0;
filter();
