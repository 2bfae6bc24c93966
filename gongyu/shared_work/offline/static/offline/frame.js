// On every page of somebody who may work without a network: starts the worker, says what waits,
// and leaves nothing behind when somebody signs out.
import { day, fill, said } from "./screens.js";
import * as store from "./store.js";

const root = document.getElementById("offline");

navigator.serviceWorker?.register(root.dataset.worker, { scope: "/" });
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data !== "not-sent") return;
  root.querySelector("[data-note=not-sent]").hidden = false;
  root.scrollIntoView({ block: "start" });
  for (const form of document.forms) delete form.dataset.sent;
});

const unsent = async () => (await store.entries()).filter((row) => row.state !== "draft");

async function look() {
  if (!(await store.exists())) return;
  await store.expire();
  const rows = await unsent();
  if (!rows.length) return;
  const first = Math.min(...rows.map((row) => row.until));
  const note = root.querySelector("[data-note=waiting]");
  fill(note, { words: said("waiting", { n: rows.length, day: day(first) }) });
  note.hidden = false;
}

// The server clears the browser's stores with its answer; this asks first where words would be lost.
async function leave(event) {
  const form = event.target;
  if (!form.matches(`form[action="${root.dataset.signOut}"]`) || form.dataset.sure) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (await mayLeave()) {
    form.dataset.sure = "yes";
    form.requestSubmit();
  }
}

async function mayLeave() {
  try {
    if (!(await store.exists())) return true;
    const rows = await unsent();
    if (rows.length && !confirm(said("sign_out", { n: rows.length }))) return false;
    await store.wipe();
  } catch {
    // A browser that cannot look into its own store keeps nobody from signing out.
  }
  return true;
}

document.addEventListener("submit", leave, { capture: true });
await look();
