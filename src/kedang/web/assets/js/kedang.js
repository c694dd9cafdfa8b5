// Everything works without this file; it only makes pages pleasant (DESIGN 3.11).
import "htmx.org";

const typing = (element) => element && element.matches("input, textarea, select, [contenteditable]");

// Keyboard of UI.md 29. While an input method composes, no key is a command.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.altKey) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    const form = event.target.closest("form[method=post]");
    if (form) { event.preventDefault(); form.requestSubmit(); }
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") { closeOverlays(event.target); return; }
  if (typing(event.target)) return;
  const command = COMMANDS[event.key];
  if (command && command() !== false) event.preventDefault();
});

const follow = (selector) => {
  const link = document.querySelector(selector);
  if (!link) return false;
  link.click();
  return true;
};

const rows = () => Array.from(document.querySelectorAll(".k-table tbody tr")).filter((row) => row.querySelector("a"));

const step = (by) => {
  const all = rows();
  if (!all.length) return false;
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.min(all.length - 1, Math.max(0, at + by))] || all[0];
  next.querySelector("a").focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
};

const focusSearch = () => {
  const box = document.querySelector("#global-search");
  if (!box) return false;
  box.focus();
  box.select();
  return true;
};

const COMMANDS = {
  "/": focusSearch,
  "n": () => follow("[data-key=new]"),
  "j": () => step(1),
  "k": () => step(-1),
  "[": () => follow("[data-key=previous]"),
  "]": () => follow("[data-key=next]"),
  "?": () => follow("[data-key=help]"),
};

function closeOverlays(target) {
  document.querySelectorAll("details.k-menu[open]").forEach((menu) => menu.removeAttribute("open"));
  const drawer = document.querySelector("#drawer");
  if (drawer) drawer.replaceChildren();
  if (typing(target)) target.blur();
}

document.addEventListener("click", (event) => {
  document.querySelectorAll("details.k-menu[open]").forEach((menu) => {
    if (!menu.contains(event.target)) menu.removeAttribute("open");
  });
  if (event.target.closest("[data-close=drawer]")) closeOverlays(document.body);
  if (event.target.closest("[data-print]")) window.print();
});

// A form sent twice is one act (its token says so); the greyed button only tells the person.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  const question = form.dataset.confirm;
  if (question && !window.confirm(question)) { event.preventDefault(); return; }
  window.setTimeout(() => {
    form.querySelectorAll("button[type=submit]").forEach((button) => button.classList.add("is-sending"));
  }, 0);
});

// A page that comes back from the browser's memory must be usable again.
window.addEventListener("pageshow", () => {
  document.querySelectorAll(".is-sending").forEach((button) => button.classList.remove("is-sending"));
});

// Jump to the first field that was refused.
const wrong = document.querySelector(".is-invalid");
if (wrong) wrong.focus();

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submit=change]")) event.target.form.requestSubmit();
});
