/** The service worker, which keeps the shell and shows what is pushed. */

/** Nothing is lost where it cannot be had: in a private window, over plain HTTP, while developing. */
export function installWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register("/worker.js").catch((error: unknown) => console.warn(error));
}
