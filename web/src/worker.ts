/** The service worker: keeps the shell, so that Parlour opens without a network, and shows what is pushed. */

const worker = self as unknown as ServiceWorkerGlobalScope;
declare const __VERSION__: string;
declare const __FILES__: string[];
declare const __ELSEWHERE__: string;

const ELSEWHERE = new RegExp(__ELSEWHERE__);
const CACHE = `shell-${__VERSION__}`;

worker.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(__FILES__.map(wanted))));
});

worker.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin || ELSEWHERE.test(url.pathname))
    return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => kept("/")));
  else if (__FILES__.includes(url.pathname)) event.respondWith(kept(url.pathname, request));
});

worker.addEventListener("push", (event) => {
  const told = event.data?.json() as Told | undefined;
  if (told) event.waitUntil(show(told));
});

worker.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data as string));
});

/** What a push says: docs/guide/notifications.md. */
interface Told {
  title: string;
  text: string;
  /** The same for the same news: sent twice, it is shown once. */
  tag: string;
  kind: string;
  conversation_id: number | null;
  body: { message_id?: number; user_id?: number };
}

/** Whoever looks at Parlour at this moment sees it there. */
async function show({ title, text, tag, kind, conversation_id, body }: Told): Promise<void> {
  const windows = await worker.clients.matchAll({ type: "window" });
  if (windows.some((one) => one.focused)) return;
  const message = body.message_id ? `/${body.message_id}` : "";
  const where = conversation_id ? `/c/${conversation_id}${message}` : "/notifications";
  const to = kind === "friend_request" ? "/people/requests" : where;
  await worker.registration.showNotification(title, { body: text, tag, icon: "/icon-192.png", data: to });
}

/** In the window that is there, or else in a new one. */
async function open(path: string): Promise<void> {
  const [window] = await worker.clients.matchAll({ type: "window" });
  if (!window) await worker.clients.openWindow(path);
  else {
    await window.focus();
    window.postMessage({ type: "go", path });
  }
}

/** `/` shows programs something else than browsers. */
function wanted(path: string): Request {
  return new Request(path, { headers: { Accept: path === "/" ? "text/html" : "*/*" }, cache: "no-cache" });
}

async function kept(path: string, request?: Request): Promise<Response> {
  const found = await (await caches.open(CACHE)).match(path, { ignoreVary: true });
  return found ?? (request ? fetch(request) : Response.error());
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)));
}
