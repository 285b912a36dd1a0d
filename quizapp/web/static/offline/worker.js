// Opens the page of offline study when nobody answers. `SHELL` is put before this by the server.

const CACHE = `shell-${SHELL.version}`;
const BY_CONTENT = ["/library/pictures/", "/media/"];

// Without cookies: the copy is nobody's.
const fresh = (path) => new Request(path, { cache: "reload", credentials: "omit" });

async function prepare() {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL.page, ...SHELL.files].map(fresh));
  await self.skipWaiting();
}

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("shell-") && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function fromServer(request, otherwise) {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await caches.match(otherwise);
    if (found) return found;
    throw error;
  }
}

async function fromHere(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(prepare()));
self.addEventListener("activate", (event) => event.waitUntil(takeOver()));
self.addEventListener("fetch", (event) => {
  const { request } = event, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  // Files whose address has their version, and pictures and sounds named by their content, are always the same.
  const isFile = address.pathname.startsWith("/static/");
  if ((isFile && address.searchParams.has("v")) || BY_CONTENT.some((start) => address.pathname.startsWith(start))) event.respondWith(fromHere(request));
  else if (isFile) event.respondWith(fromServer(request, request));
  else if (request.mode === "navigate") event.respondWith(fromServer(request, SHELL.page));
});
