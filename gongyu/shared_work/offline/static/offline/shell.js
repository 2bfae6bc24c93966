// The page that opens without a network: unlock, look, write, send. The key lives in this page's
// memory alone and is forgotten after ten minutes without a touch.
import * as network from "./network.js";
import * as outbox from "./outbox.js";
import * as questions from "./questions.js";
import { clone, day, fill, said, show, start, tell, words, written } from "./screens.js";
import * as store from "./store.js";
import * as vault from "./vault.js";

const LOCK_AFTER_MS = 10 * 60 * 1000;
const here = { key: null, kit: null, pack: null, form: null, status: "", touched: Date.now() };

// --- Before the PIN -------------------------------------------------------------------------

async function begin() {
  here.key = here.pack = null;
  if (!vault.works()) return show("unable", { why: words.no_crypto });
  const gone = await store.expire();
  if (gone) tell(said("expired", { n: gone }), "warning");
  here.kit = await store.kit();
  return here.kit ? lock() : welcome();
}

async function welcome() {
  const { state, told } = await network.hello();
  if (state !== "ok") return show("nothing");
  if (!told.who) return show("sign-in");
  return told.may ? show("turn-on", {}, { turnOn: (event) => turnOn(event, told.who) }) : show("not-for-you");
}

async function turnOn(event, who) {
  const typed = new FormData(event.target);
  const pin = typed.get("pin");
  const fault = vault.isWeak(pin) ? words.weak : pin !== typed.get("again") ? words.unequal : "";
  fill(event.target, { fault });
  if (fault) return undefined;
  const { state, told } = await network.openKit();
  if (state !== "ok") return fill(event.target, { fault: told?.error ?? words.server });
  here.key = await vault.turnOn(pin, told, who);
  navigator.storage?.persist?.();
  return opened();
}

async function lock() {
  here.key = here.pack = here.form = null;
  const rows = (await store.entries()).filter((row) => row.state !== "draft");
  const first = Math.min(...rows.map((row) => row.until));
  const waiting = rows.length ? said("waiting", { n: rows.length, day: day(first) }) : words.nothing;
  show("locked", { waiting }, { unlock, forget });
}

async function unlock(event) {
  const { key, left, code } = await vault.unlock(new FormData(event.target).get("pin"));
  if (key) {
    here.key = key;
    return opened();
  }
  if (left) {
    event.target.reset();
    return fill(event.target, { fault: said("left", { n: left }) });
  }
  if (code && (await network.hello()).state === "ok") await network.close(code, "wrong_pin");
  await begin();
  return tell(words.wiped, "warning");
}

async function forget() {
  const { code } = here.kit;
  await store.wipe();
  if ((await network.hello()).state === "ok") await network.close(code, "asked");
  return begin();
}

async function opened() {
  here.kit = await store.kit();
  here.pack = await vault.pack(here.key);
  here.touched = Date.now();
  navigator.serviceWorker?.register(document.getElementById("screen").dataset.worker, { scope: "/" });
  await home();
  return sync();
}

// --- Sending --------------------------------------------------------------------------------

// One at a time; whoever asks meanwhile gets another round after it.
async function sync() {
  here.wanted = true;
  if (here.busy) return;
  here.busy = true;
  try {
    while (here.key && here.wanted) {
      here.wanted = false;
      await exchange();
    }
  } finally {
    here.busy = false;
  }
}

async function exchange() {
  const { state, told } = await network.hello();
  if (state !== "ok") return status(words.offline);
  if (!told.who) return status(words.signed_out, "sign-in");
  if (told.who !== here.kit.who) return status(words.other);
  status(words.sending);
  const result = await outbox.sendAll(here.key, here.kit.code, network.send);
  await redraw();
  // What speaks of harm has arrived as a note at the most: the way to report stands there at once.
  if (result.urgent) document.getElementById("told").replaceChildren(clone("urgent"));
  else if (result.warned.length) tell([...new Set(result.warned)].join(" "), "warning");
  else if (result.sent) tell([...new Set(result.said), words.all_sent].join(" "), "success");
  if (["offline", "signed_out", "failed"].includes(result.stopped)) {
    return result.stopped === "signed_out" ? status(words.signed_out, "sign-in") : status(words.server);
  }
  return renewed(await network.contact(here.kit.code));
}

async function renewed({ state, told }) {
  if (state === "ok" && told.state === "closed") {
    await store.wipe();
    await begin();
    return tell(words.closed, "warning");
  }
  if (state === "gone" || (state === "ok" && told.state === "ended")) return ended();
  if (state !== "ok") return status(words.server);
  await vault.renew(here.key, told);
  here.kit = await store.kit();
  here.pack = await vault.pack(here.key);
  status(words.online);
  return redraw();
}

// The post or the approval is over: the pupils go at once. What still has to be decided stays, so
// that no words are lost, and goes when it is decided or its time is over.
async function ended() {
  const undecided = await outbox.all(here.key);
  if (!undecided.length) {
    await store.wipe();
    await begin();
    return tell(words.ended, "warning");
  }
  await store.changeKit((old) => ({ ...old, sealed: null }));
  here.pack = null;
  status(words.ended);
  return redraw();
}

function status(text, link = "") {
  here.status = text;
  here.link = link;
  const screen = document.getElementById("screen");
  fill(screen, { status: text });
  for (const element of screen.querySelectorAll("[data-slot=link]")) element.hidden = link !== "sign-in";
}

async function redraw() {
  if (here.key && !here.form) await home();
}

// --- After the PIN --------------------------------------------------------------------------

async function home() {
  const list = await outbox.all(here.key);
  const rosterEnds = here.pack ? said("roster", { day: day(here.kit.until) }) : words.roster_over;
  const screen = show("home", { roster: rosterEnds }, { sync, lock });
  status(here.status, here.link);
  const waiting = screen.querySelector("[data-slot=entries]");
  for (const entry of list) waiting.append(entryLine(entry));
  if (list.some((entry) => entry.answer?.urgent || questions.raises(about(entry).form?.alarm, entry.fields))) {
    screen.querySelector("[data-place=urgent]").replaceChildren(clone("urgent"));
  }
  waiting.closest("section").hidden = !list.length;
  const classes = screen.querySelector("[data-slot=classes]");
  for (const one of here.pack?.classes ?? []) classes.append(classCard(one));
}

function classCard(one) {
  const card = fill(clone("class"), { name: `${one.school} ${one.name}` });
  const [open, rest] = [true, false].map((wanted) => one.pupils.filter((pupil) => pupil.open === wanted));
  fill(card, { open: said("to_see", { n: open.length }), rest: said("the_rest", { n: rest.length }) });
  for (const [slot, pupils] of [["to-see", open], ["others", rest]]) {
    card.querySelector(`[data-slot=${slot}]`).append(...pupils.map(pupilLine));
  }
  card.querySelector("[data-slot=the-rest]").hidden = !rest.length;
  return card;
}

function pupilLine(pupil) {
  const line = fill(clone("pupil"), { name: pupil.name, lines: pupil.lines.join(" · ") });
  const buttons = line.querySelector("[data-slot=buttons]");
  for (const form of here.pack.forms.filter((one) => pupil.forms[one.code])) {
    const button = fill(clone("button"), { label: form.button, about: pupil.name });
    button.addEventListener("click", () => {
      go(outbox.made(form.code, pupil, here.pack.packed, here.kit.skew));
    });
    buttons.append(button);
  }
  return line;
}

function entryLine(entry) {
  const { form, pupil } = about(entry);
  const answer = entry.answer ?? {};
  const told = entry.state === "conflict" ? answer.said : Object.values(answer.faults ?? {}).flat().join(" ");
  const line = fill(clone("entry"), {
    what: `${pupil?.name ?? words.somebody} ${form?.title ?? ""} ${written(questions.whenOf(form, entry.fields))}`,
    state: entry.state === "conflict" ? "" : words[`state_${entry.state}`],
    told: told ?? "",
    until: said("until", { day: day(entry.until) }),
    typed: form ? "" : Object.values(entry.fields).flat().join(" "),
  });
  const buttons = line.querySelector("[data-slot=buttons]");
  for (const choice of entry.state === "conflict" ? answer.choices : []) {
    const button = fill(clone("button"), { label: choice.label, about: "" });
    button.addEventListener("click", () => settle(() => outbox.decide(here.key, entry, choice.value)));
    buttons.prepend(button);
  }
  const edit = line.querySelector("[data-do=edit]");
  edit.hidden = !form;
  edit.addEventListener("click", () => go(entry));
  line.querySelector("[data-do=throw]").addEventListener("click", () => settle(() => store.dropEntry(entry.key)));
  return line;
}

async function settle(deed) {
  await deed();
  await home();
  return sync();
}

function about(entry) {
  const pupils = here.pack?.classes.flatMap((one) => one.pupils) ?? [];
  return {
    pupil: pupils.find((one) => one.token === entry.pupil),
    form: here.pack?.forms.find((one) => one.code === entry.form && pupils.length),
  };
}

// --- A form ---------------------------------------------------------------------------------

function go(entry) {
  history.pushState({}, "");
  tell("");
  const { form, pupil } = about(entry);
  here.form = { entry, saving: null };
  const options = pupil?.forms[entry.form]?.options ?? {};
  const begun = start(here.kit.skew);
  const screen = show("form", {
    title: `${pupil?.name ?? words.somebody}：${form.title}`,
    until: said("half_written", { day: day(entry.until) }),
    warning: form.warning ?? "",
  }, { keep: (event) => keep(event, form, options), back: () => history.back() });
  const element = screen.querySelector("form");
  element.querySelector("[data-slot=questions]").append(questions.draw(form.questions, options, entry.fields, begun));
  const above = screen.querySelector("[data-slot=above]");
  if (entry.state === "refused") questions.showFaults(element, entry.answer.faults, above);
  alarmed(form, entry.fields);
  element.addEventListener("input", () => {
    if (!here.form) return;
    here.form.sure = false;
    alarmed(form, questions.read(element));
    clearTimeout(here.form.saving);
    here.form.touched = true;
    here.form.saving = setTimeout(() => halfWritten(element, above), 600);
  });
}

// What is half written survives a dead battery too; it is not sent before it is finished.
async function halfWritten(element, above) {
  if (!here.form || !here.key) return;
  here.form.entry = outbox.edited(here.form.entry, questions.read(element), "draft");
  await kept(here.form.entry, above);
}

async function kept(entry, above) {
  try {
    await outbox.keep(here.key, entry);
    return true;
  } catch {
    above.textContent = words.failed;
    above.hidden = false;
    return false;
  }
}

// Words of harm: whom to ring stands above the form while they are typed, network or not.
function alarmed(form, fields) {
  const place = document.querySelector("#screen [data-place=urgent]");
  const raised = questions.raises(form.alarm, fields);
  if (!raised) place.replaceChildren();
  else if (!place.hasChildNodes()) place.append(clone("urgent"));
  return raised;
}

// Where the form asks, nothing that speaks of harm is kept before the teacher said that it is not so.
function asksFirst(form, fields) {
  if (!alarmed(form, fields) || !form.alarm.asks) return false;
  if (here.form.sure) {
    fields.sure = ["on"];
    return false;
  }
  here.form.sure = true;
  const place = document.querySelector("#screen [data-place=urgent]");
  fill(place, { again: words.sure });
  place.scrollIntoView();
  return true;
}

async function keep(event, form, options) {
  const element = event.target;
  const above = element.querySelector("[data-slot=above]");
  const fields = questions.read(element);
  const ago = (hours) => start(here.kit.skew, hours);
  const faults = questions.faultsOf(form.questions, options, fields, ago, words);
  questions.showFaults(element, faults, above);
  if (Object.keys(faults).length || asksFirst(form, fields)) return;
  clearTimeout(here.form.saving);
  const entry = outbox.edited(here.form.entry, fields, "waiting");
  if (!(await kept(entry, above))) return;
  here.form = null;
  tell(said("kept", { until: said("until", { day: day(entry.until) }) }), "success");
  history.back();
}

addEventListener("popstate", async () => {
  if (!here.key) return;
  const left = document.querySelector("#screen form[data-do=keep]");
  if (here.form?.touched && left) {
    clearTimeout(here.form.saving);
    await halfWritten(left, left.querySelector("[data-slot=above]"));
  }
  here.form = null;
  await home();
  await sync();
});
addEventListener("online", sync);
document.addEventListener("visibilitychange", () => { if (!document.hidden) sync(); });
for (const touch of ["pointerdown", "keydown"]) {
  addEventListener(touch, () => { here.touched = Date.now(); });
}
setInterval(() => {
  if (here.key && Date.now() - here.touched > LOCK_AFTER_MS) lock();
}, 30000);
await begin();
