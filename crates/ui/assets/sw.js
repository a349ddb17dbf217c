// The app's shell: stylesheet, script and icons are kept; a page that cannot be reached becomes the offline page.
// Pages themselves are never stored: they hold medical data.
const SHELL = "hairline-%VERSION%";
const FILES = ["/offline", "/assets/%VERSION%/hairline.css", "/assets/%VERSION%/hairline.js", "/assets/%VERSION%/icons.svg", "/assets/%VERSION%/mark.svg"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("hairline-") && name !== SHELL);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const request = event.request;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/offline")));
  } else if (new URL(request.url).pathname.startsWith("/assets/")) {
    event.respondWith(caches.match(request).then((kept) => kept || fetch(request)));
  }
});
