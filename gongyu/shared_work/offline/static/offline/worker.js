// The service worker. It keeps the shell and static files, which hold nobody's data, and nothing
// else: no page, no answer of the server. Without a network it shows the shell instead of a page.
"use strict";

const { version, shell, files } = self.TOLD;
const CACHE = `gongyu-shell-${version}`;
// So long a page may take before a phone at the edge of the network is shown the shell.
const PATIENCE_MS = 20000;

// Fetched without cookies: what is kept is what anybody would get.
const asNobody = (url) => new Request(url, { credentials: "omit", redirect: "error", cache: "reload" });

addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([shell, ...files].map(asNobody));
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener("activate", (event) => {
  const takeOver = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("gongyu-shell-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await clients.claim();
  };
  event.waitUntil(takeOver());
});

const kept = async (url) => (await caches.open(CACHE)).match(url, { ignoreVary: true });

async function pageOrShell(request) {
  const away = new AbortController();
  const timer = setTimeout(() => away.abort(), PATIENCE_MS);
  try {
    return await fetch(request, { signal: away.signal });
  } catch (error) {
    const found = await kept(shell);
    if (found) return found;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

// A form that cannot be sent leaves the page and the words on it as they are (204), and says so.
async function sentOrSaid(request) {
  try {
    return await fetch(request);
  } catch {
    for (const client of await clients.matchAll({ type: "window" })) client.postMessage("not-sent");
    return new Response(null, { status: 204 });
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? pageOrShell(request) : sentOrSaid(request));
  } else if (request.method === "GET" && files.includes(url.pathname)) {
    event.respondWith(kept(url.pathname).then((found) => found || fetch(request)));
  }
});
