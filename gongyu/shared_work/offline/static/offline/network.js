// The server as the shell sees it. Every answer is {state: ok | offline | signed_out | gone |
// refused | failed, told}; nothing here throws because of the network.
const TIMEOUT_MS = 30000;
let csrf = "";

async function ask(path, body) {
  const options = {
    method: body === undefined ? "GET" : "POST",
    redirect: "manual",
    cache: "no-store",
    credentials: "same-origin",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout ? AbortSignal.timeout(TIMEOUT_MS) : undefined,
  };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
    options.headers["X-CSRFToken"] = csrf;
  }
  try {
    const answer = await fetch(path, options);
    if (answer.type === "opaqueredirect") return { state: "signed_out" };
    if (answer.status === 404) return { state: "gone" };
    if (answer.status >= 500 || answer.status === 403) return { state: "failed" };
    const told = await answer.json();
    return { state: answer.ok ? "ok" : "refused", told };
  } catch {
    return { state: "offline" };
  }
}

// Says who is signed in and fetches the token that every other question needs.
export async function hello() {
  const answer = await ask("/offline/hello/");
  if (answer.state === "ok") csrf = answer.told.csrf;
  return answer;
}

const path = (code, step) => `/offline/kits/${encodeURIComponent(code)}/${step}/`;
export const openKit = () => ask("/offline/kits/open/", {});
export const contact = (code) => ask(path(code, "contact"), {});
export const send = (code, entry) => ask(path(code, "send"), { entries: [entry] });
export const close = (code, why) => ask(`${path(code, "close")}?why=${why}`, {});
