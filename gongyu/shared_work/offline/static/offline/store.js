// What lies in the browser's database: one kit and the entries that wait. Everything about people
// is encrypted before it comes here; in clear are only numbers, moments and states.
const NAME = "gongyu-offline";
export const HOURS_MS = 3600 * 1000;
export const KEPT_MS = 72 * HOURS_MS;

let opened;

function database() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("kit", { keyPath: "id" });
      asked.result.createObjectStore("entries", { keyPath: "key" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => {
        asked.result.close();
        opened = undefined;
      };
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

// Runs `deed(store)` in one transaction and waits until it is on the disk, so that "kept" is true
// even if the battery dies with the next breath.
async function within(name, mode, deed) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const change = db.transaction(name, mode, { durability: "strict" });
    let found;
    change.oncomplete = () => resolve(found);
    change.onabort = change.onerror = () => reject(change.error);
    const asked = deed(change.objectStore(name));
    if (asked) asked.onsuccess = () => { found = asked.result; };
  });
}

export const kit = () => within("kit", "readonly", (store) => store.get("kit"));
export const putKit = (row) => within("kit", "readwrite", (store) => store.put({ ...row, id: "kit" }));
export const entries = () => within("entries", "readonly", (store) => store.getAll());
export const putEntry = (row) => within("entries", "readwrite", (store) => store.put(row));
export const dropEntry = (key) => within("entries", "readwrite", (store) => { store.delete(key); });

// Puts the new row (or none) in the old one's place, if the old one is still in the state `from`:
// another tab may have sent it, or the teacher may have opened it again.
export const swapEntry = (key, from, row) => within("entries", "readwrite", (store) => {
  const asked = store.get(key);
  asked.onsuccess = () => {
    if (asked.result?.state !== from) return;
    if (row?.key !== key) store.delete(key);
    if (row) store.put(row);
  };
});

// Changes the kit in one transaction, so that two tabs never count one try.
export const changeKit = (change) => within("kit", "readwrite", (store) => {
  const asked = store.get("kit");
  asked.onsuccess = () => {
    if (asked.result) store.put(change(asked.result));
  };
});

export async function wipe() {
  await within("entries", "readwrite", (store) => { store.clear(); });
  await within("kit", "readwrite", (store) => { store.clear(); });
}

// Deletes what has been here for three days; returns how many entries that were not sent.
export async function expire(now = Date.now()) {
  const row = await kit();
  if (row?.sealed && row.until <= now) await changeKit((old) => ({ ...old, sealed: null }));
  const over = (await entries()).filter((entry) => entry.until <= now || entry.until > now + KEPT_MS);
  for (const entry of over) await dropEntry(entry.key);
  return over.filter((entry) => entry.state !== "draft").length;
}

// Pages without anything to keep make no database at all.
export async function exists() {
  if (!globalThis.indexedDB) return false;
  if (!indexedDB.databases) return true;
  return (await indexedDB.databases()).some((one) => one.name === NAME);
}
