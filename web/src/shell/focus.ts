/** Where keys go on when what had the focus is taken away: not at the beginning of the page. */

/** What takes something away may say by itself where keys go on, as a menu does. */
const PATIENCE_MS = 100;

/** Unless something else has the focus by now. */
export function goOnAt(element: HTMLElement | null | undefined): void {
  if (document.activeElement === document.body) element?.focus({ preventScroll: true });
}

/** In the pane that it was in, as with a row that was removed. */
export function followFocus(): void {
  let had: Element | undefined;
  let pane: HTMLElement | null | undefined;
  addEventListener("focusin", ({ target }) => {
    had = target as Element;
    pane = had.closest<HTMLElement>(".pane");
  });
  new MutationObserver(() => {
    if (!had || had.isConnected) return;
    had = undefined;
    setTimeout(() => goOnAt(pane), PATIENCE_MS);
  }).observe(document.body, { childList: true, subtree: true });
}
