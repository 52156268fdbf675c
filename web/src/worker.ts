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
