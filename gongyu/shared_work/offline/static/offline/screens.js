// The shell's screens: templates of the page, filled with text. Nothing here writes HTML.
export const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

export function said(name, values = {}) {
  return words[name].replace(/\{(\w+)\}/g, (_all, key) => values[key]);
}

export function clone(name) {
  return document.getElementById(`t-${name}`).content.firstElementChild.cloneNode(true);
}

// Puts text into [data-slot=name]; a slot with nothing to say is hidden.
export function fill(element, values) {
  for (const [name, text] of Object.entries(values)) {
    for (const slot of element.querySelectorAll(`[data-slot="${name}"]`)) {
      slot.textContent = text;
      slot.hidden = text === "";
    }
  }
  return element;
}

// Shows one screen; `on` is {name of a button or form: what it does}.
export function show(name, values = {}, on = {}) {
  const screen = fill(clone(name), values);
  for (const [deed, act] of Object.entries(on)) {
    for (const element of screen.querySelectorAll(`[data-do="${deed}"]`)) {
      const event = element.tagName === "FORM" ? "submit" : "click";
      element.addEventListener(event, (happened) => {
        happened.preventDefault();
        act(happened);
      });
    }
  }
  const place = document.getElementById("screen");
  place.replaceChildren(screen);
  // A screen that is only drawn again takes nobody's place away.
  if (place.dataset.shown === name) return screen;
  place.dataset.shown = name;
  const heading = screen.querySelector("h1");
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
  scrollTo(0, 0);
  return screen;
}

export function tell(text, tone = "info") {
  const place = document.getElementById("told");
  if (!text) return place.replaceChildren();
  const note = fill(clone(`told-${tone}`), { words: text });
  return place.replaceChildren(note);
}

export function day(moment) {
  const at = new Date(moment);
  const minutes = String(at.getMinutes()).padStart(2, "0");
  return `${at.getMonth() + 1}月${at.getDate()}日 ${at.getHours()}:${minutes}`;
}

// Today and now as inputs want them, by the server's clock and in its time zone: a phone that is
// set to another place still writes the hour that the school's clock shows.
export function start(skew, hoursAgo = 0) {
  const numbers = { year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" };
  const timeZone = document.getElementById("screen").dataset.zone;
  const format = new Intl.DateTimeFormat("en", { ...numbers, hourCycle: "h23", timeZone });
  const at = {};
  for (const { type, value } of format.formatToParts(Date.now() + skew - hoursAgo * 3600000)) at[type] = value;
  const today = `${at.year}-${at.month}-${at.day}`;
  return { day: today, moment: `${today}T${at.hour}:${at.minute}` };
}

// What an input holds, as people write it: 2026-11-04 and 2026-11-04T09:30.
export function written(value) {
  const [on, at] = value.split("T");
  const [, month, date] = on.split("-").map(Number);
  return date ? `${month}月${date}日${at ? ` ${at}` : ""}` : value;
}
