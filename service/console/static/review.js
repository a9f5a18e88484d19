"use strict";
// Keys, blur and claims of the reviewing pages. Every action is a link or a button that works without this file.

const isTyping = (target) => target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
const isShown = (element) => element.getClientRects().length > 0;
const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];

// Times in the reader's own zone; without this file they are in UTC.
for (const time of all("time[datetime]")) {
  const moment = new Date(time.dateTime);
  const near = Math.abs(moment - Date.now()) < 20 * 3600e3;
  const how = near ? { timeStyle: "short" } : { dateStyle: "medium", timeStyle: "short" };
  time.title = time.textContent;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, how).format(moment);
}

// What is to be answered next: the first label without an outcome, then why, then by which route or means.
const answered = (group) => one("input:checked", group) !== null;
const openGroups = (judge) => all(".chips", judge).filter(isShown);
const done = (judge) => openGroups(judge).every(answered);
let left = null; // a list of letters that was left with Esc

function current() {
  const judges = all(".judge").filter(isShown);
  const judge = judges.find((each) => each.dataset.expected !== undefined && !done(each)) ?? judges[0];
  if (!judge) return null;
  return openGroups(judge).find((group) => !answered(group)) ?? null;
}

function showCurrent() {
  const now = current();
  for (const group of all(".chips")) group.classList.toggle("now", group === now);
  if (now && now.dataset.mode !== "outcome") now.scrollIntoView({ block: "nearest" });
}

function clearHidden(judge) {
  // A reason for one outcome is none for another.
  for (const group of all(".why", judge)) {
    if (!isShown(group)) for (const input of all("input:checked", group)) input.checked = false;
  }
}

document.addEventListener("change", (event) => {
  const judge = event.target.closest(".judge");
  if (judge) {
    left = null;
    clearHidden(judge);
    showCurrent();
  }
});

function act(element) {
  if (element.matches("textarea")) {
    element.focus();
  } else {
    element.click();
    if (element.matches("input")) element.focus({ preventScroll: true });
  }
}

function withKey(key) {
  const group = current();
  const listening = group && group !== left ? group : null;
  const inGroup = listening && one(`[data-key="${key}"]`, listening);
  if (inGroup) return inGroup;
  return all(`[data-key="${key}"]`).find((element) => {
    const mode = element.closest("[data-mode]");
    return isShown(element.closest("label") ?? element) && (!mode || mode.dataset.mode === "outcome");
  });
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openFind();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || one("dialog[open]")) return;
  if (event.key === "Escape") {
    if (isTyping(event.target)) event.target.blur();
    else left = current();
    return;
  }
  if (isTyping(event.target)) return;
  if (event.key === "?") {
    event.preventDefault();
    openKeys();
    return;
  }
  const onControl = event.target.matches("a, button, summary");
  if (event.key === "Enter" && onControl) return;
  const found = withKey(event.key.length === 1 ? event.key.toLowerCase() : event.key);
  if (found) {
    event.preventDefault();
    act(found);
  }
});

// Which keys there are.
function openKeys() {
  const dialog = one("#keys");
  if (!dialog) return;
  const list = one("#keys-list");
  for (const old of all(".found-key", list)) old.remove();
  const listed = new Set();
  for (const element of all("[data-key]")) {
    const says = element.dataset.says ?? (element.matches("nav a") ? element.textContent.trim() : "");
    const already = listed.has(element.dataset.key + says);
    if (!says || already || !isShown(element.closest("label") ?? element)) continue;
    listed.add(element.dataset.key + says);
    const row = document.createElement("div");
    row.className = "found-key";
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = element.dataset.key;
    term.append(key);
    const what = document.createElement("dd");
    what.textContent = says;
    row.append(term, what);
    list.append(row);
  }
  dialog.showModal();
}
one("#keys-open")?.addEventListener("click", openKeys);

// Find anything: pages and actions of this page at once, everything else by the service.
function openFind() {
  const dialog = one("#find");
  if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  const input = one("input", dialog);
  input.value = "";
  listFound("");
  input.focus();
}

function listFound(words) {
  const list = one("#find-list");
  list.replaceChildren();
  const wanted = words.trim().toLowerCase();
  for (const element of all("nav a, [data-says]")) {
    const says = (element.dataset.says ?? element.textContent).trim();
    if (!says.toLowerCase().includes(wanted) || !isShown(element.closest("label") ?? element)) continue;
    const row = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = says;
    button.addEventListener("click", () => {
      one("#find").close();
      act(element);
    });
    row.append(button);
    list.append(row);
  }
}
one("#find-open")?.addEventListener("click", openFind);
one("#find input")?.addEventListener("input", (event) => listFound(event.target.value));
one("#find form")?.addEventListener("submit", (event) => {
  const first = one("#find-list button");
  if (first && one("#find input").value.trim()) {
    event.preventDefault();
    first.click();
  }
});

// Blur: held off while Shift or the pointer is down.
const reveal = (on) => document.body.classList.toggle("revealed", on);
document.addEventListener("keydown", (event) => {
  if (event.key === "Shift" && !isTyping(event.target) && !one("dialog[open]")) reveal(true);
});
document.addEventListener("keyup", (event) => { if (event.key === "Shift") reveal(false); });
for (const post of all(".post, blockquote")) post.addEventListener("pointerdown", () => reveal(true));
document.addEventListener("pointerup", () => reveal(false));
window.addEventListener("blur", () => reveal(false));

// An open page keeps its post; one that is hidden lets it run out.
const reading = one("[data-mine]");
if (reading) {
  const lapsed = () => { one("#lapsed").hidden = false; };
  setInterval(async () => {
    if (document.hidden || !navigator.onLine) return;
    const answer = await fetch(`/review/posts/${reading.dataset.post}/renew`, {
      method: "POST",
      headers: { "Content-Type": "application/x-www-form-urlencoded" },
      body: "",
    }).catch(() => null);
    if (answer && answer.status === 409) lapsed();
  }, 4 * 60e3);
}

// Offline: say so, and send nothing that would be lost.
const tellOffline = () => { one("#offline").hidden = navigator.onLine; };
window.addEventListener("online", tellOffline);
window.addEventListener("offline", tellOffline);
tellOffline();
document.addEventListener("submit", (event) => {
  if (!navigator.onLine) {
    event.preventDefault();
    one("#offline").scrollIntoView();
    return;
  }
  // Sent once, however often the key is pressed.
  if (event.target.method === "post") {
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "1";
  }
});
window.addEventListener("pageshow", () => { for (const form of all("form")) delete form.dataset.sent; });

one("#fault")?.focus();
showCurrent();
