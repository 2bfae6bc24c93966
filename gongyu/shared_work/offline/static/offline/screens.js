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

// Today and now as inputs want them, by the server's clock and in the phone's own time zone.
export function start(skew, hoursAgo = 0) {
  const at = new Date(Date.now() + skew - hoursAgo * 3600000);
  const local = new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString();
  return { day: local.slice(0, 10), moment: local.slice(0, 16) };
}

// What an input holds, as people write it: 2026-11-04 and 2026-11-04T09:30.
export function written(value) {
  const [on, at] = value.split("T");
  const [, month, date] = on.split("-").map(Number);
  return date ? `${month}月${date}日${at ? ` ${at}` : ""}` : value;
}
