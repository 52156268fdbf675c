/** What takes something away may say by itself where keys go on, as a menu does. */
const PATIENCE_MS = 100;

/** Where keys go on when what had the focus is taken away, as a row is that was removed: in its pane, not at the beginning. */
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
    setTimeout(() => {
      if (document.activeElement === document.body) pane?.focus({ preventScroll: true });
    }, PATIENCE_MS);
  }).observe(document.body, { childList: true, subtree: true });
}
