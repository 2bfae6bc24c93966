// Encryption: a key from the teacher's PIN, never stored, never readable by any script.
import * as store from "./store.js";

const ROUNDS = 600000;
export const MOST_TRIES = 5;
const bytes = (text) => new TextEncoder().encode(text);

export const works = () => Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);

async function derive(pin, salt, rounds) {
  const typed = await crypto.subtle.importKey("raw", bytes(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds };
  return crypto.subtle.deriveKey(how, typed, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

// What a value is for is bound in, so that a row moved to another place cannot be opened there.
export async function seal(key, value, about) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const how = { name: "AES-GCM", iv, additionalData: bytes(about) };
  return { iv, data: await crypto.subtle.encrypt(how, key, bytes(JSON.stringify(value))) };
}

export async function unseal(key, { iv, data }, about) {
  const how = { name: "AES-GCM", iv, additionalData: bytes(about) };
  return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(how, key, data)));
}

// Six characters or more, not all the same, not a run of digits up or down.
export function isWeak(pin) {
  if ([...pin].length < 6 || new Set(pin).size < 2) return true;
  return "01234567890".includes(pin) || "09876543210".includes(pin);
}

// A new kit under a new PIN; returns the key. Whatever another kit left here goes first.
export async function turnOn(pin, given, who) {
  await store.wipe();
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const key = await derive(pin, salt, ROUNDS);
  const row = { code: given.kit, who, salt, rounds: ROUNDS, tries: 0 };
  row.check = await seal(key, "gongyu", `check ${row.code}`);
  await store.putKit({ ...row, ...(await packed(key, given)) });
  return key;
}

async function packed(key, given) {
  const now = Date.now();
  return {
    sealed: await seal(key, given.package, `package ${given.kit}`),
    until: now + Math.min(given.hours * store.HOURS_MS, store.KEPT_MS),
    // A phone whose clock is wrong still fills in the right day.
    skew: Date.parse(given.now) - now,
  };
}

export async function renew(key, given) {
  const fresh = await packed(key, given);
  await store.changeKit((old) => ({ ...old, ...fresh }));
}

// {key} where the PIN is right, {left} tries where it is not; with none left everything is gone.
// The try is counted before the PIN is tried: pulling the plug gives none back.
export async function unlock(pin) {
  await store.changeKit((old) => ({ ...old, tries: old.tries + 1 }));
  const row = await store.kit();
  if (!row) return { left: 0 };
  const key = await derive(pin, row.salt, row.rounds);
  try {
    await unseal(key, row.check, `check ${row.code}`);
  } catch {
    const left = MOST_TRIES - row.tries;
    if (left <= 0) await store.wipe();
    return { left: Math.max(left, 0), code: row.code };
  }
  await store.changeKit((old) => ({ ...old, tries: 0 }));
  return { key };
}

export async function pack(key) {
  const row = await store.kit();
  return row?.sealed ? unseal(key, row.sealed, `package ${row.code}`) : null;
}
