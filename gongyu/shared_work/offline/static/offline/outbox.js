// The entries that wait: made, kept, sent, answered, decided. An entry leaves the browser only when
// the server said that it has it, or when the teacher throws it away.
import * as store from "./store.js";
import { seal, unseal } from "./vault.js";

// `state`: draft (not to be sent yet), waiting, refused (has faults), conflict (to be decided).
export function made(form, pupil, packed, skew) {
  const now = Date.now();
  return {
    key: crypto.randomUUID(),
    state: "draft",
    until: now + store.KEPT_MS,
    form,
    pupil: pupil.token,
    packed,
    typed: new Date(now + skew).toISOString(),
    seen: pupil.forms[form]?.seen ?? "",
    fields: {},
    decided: [],
    corrects: "",
    answer: null,
  };
}

async function row(key, entry) {
  const { state, until } = entry;
  return { key: entry.key, state, until, ...(await seal(key, entry, `entry ${entry.key}`)) };
}

export const keep = async (key, entry) => store.putEntry(await row(key, entry));

export async function all(key) {
  const found = [];
  for (const one of await store.entries()) {
    try {
      // What the row says in clear is older than nothing: both are written in one transaction.
      found.push(await unseal(key, one, `entry ${one.key}`));
    } catch {
      // Written by another kit's PIN, unreadable to everybody: it goes when its time is over.
    }
  }
  return found.sort((a, b) => a.until - b.until);
}

// What is sent: what was typed, and no state of ours.
export const outgoing = ({ key, form, pupil, fields, seen, decided, corrects, packed, typed }) =>
  ({ key, form, pupil, fields, seen, decided, corrects, packed, typed });

// The entry after the server's answer; null where the server has it.
export function answered(entry, answer) {
  if (answer.state === "stored" || answer.state === "already") return null;
  return { ...entry, state: answer.state, answer };
}

// Written anew: what was decided was decided about other words, but a record that it is to take the
// place of stays named.
export const edited = (entry, fields, state) =>
  ({ ...entry, fields, state, answer: null, decided: entry.corrects ? ["correct"] : [] });

// The teacher's decision. Where an earlier version arrived already, its key is used up: the new one
// says which record it is to take the place of.
export function decided(entry, choice) {
  const next = { ...entry, state: "waiting", decided: [...new Set([...entry.decided, choice])], answer: null };
  if (entry.answer?.code === "changed") {
    next.corrects = entry.key;
    next.key = crypto.randomUUID();
  }
  return next;
}

// Sends one after the other, so that one that the server chokes on does not hold up the others.
// Returns {sent, said, warned, urgent, stopped}; `urgent`: something that arrived speaks of harm;
// `stopped` is why it ended early.
export async function sendAll(key, code, send) {
  const result = { sent: 0, said: [], warned: [], urgent: false, stopped: "" };
  for (const entry of (await all(key)).filter((one) => one.state === "waiting")) {
    const { state, told } = await send(code, outgoing(entry));
    if (state === "failed") {
      result.stopped = "failed";
      continue;
    }
    if (state !== "ok") return { ...result, stopped: state };
    const answer = told.answers[0];
    const next = answered(entry, answer);
    await store.swapEntry(entry.key, "waiting", next && (await row(key, next)));
    if (!next) {
      result.sent += 1;
      result.urgent ||= answer.urgent;
      if (answer.said) result.said.push(answer.said);
      if (answer.warned) result.warned.push(answer.warned);
    }
  }
  return result;
}

export async function decide(key, entry, choice) {
  const next = decided(entry, choice);
  await store.swapEntry(entry.key, entry.state, await row(key, next));
  return next;
}
