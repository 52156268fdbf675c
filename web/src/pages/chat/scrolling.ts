/** Keeps what is being read where it is, whatever grows above or below it.
 *
 * Browsers do so themselves, except some; and none of them stays at the end while the end grows.
 */

const AT_END_PX = 48;
const SEEN_PX = 8;

export class ScrollHold {
  /** At the newest, and to stay there. */
  atEnd = true;
  private box: HTMLElement | undefined;
  private anchor: { key: string; offset: number } | undefined;

  attach(box: HTMLElement): () => void {
    this.box = box;
    const observer = new ResizeObserver(() => this.restore());
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    return () => observer.disconnect();
  }

  /** Somebody has scrolled. */
  note(): void {
    const box = this.box;
    if (!box) return;
    this.atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX;
    const top = box.getBoundingClientRect().top;
    const first = [...this.items()].find((one) => one.getBoundingClientRect().bottom > top);
    this.anchor = first && {
      key: first.dataset.key as string,
      offset: first.getBoundingClientRect().top - top,
    };
  }

  /** Something has changed its size. */
  restore(): void {
    const box = this.box;
    if (!box) return;
    if (this.atEnd) {
      box.scrollTop = box.scrollHeight;
      return;
    }
    const held = this.anchor && this.item(this.anchor.key);
    if (!held || !this.anchor) return;
    const moved = held.getBoundingClientRect().top - box.getBoundingClientRect().top - this.anchor.offset;
    if (Math.abs(moved) > 0.5) box.scrollTop += moved;
  }

  toEnd(): void {
    this.atEnd = true;
    this.restore();
  }

  show(id: string, block: ScrollLogicalPosition = "center"): void {
    const item = document.getElementById(id);
    if (!item) return;
    this.atEnd = false;
    item.scrollIntoView({ block });
    this.note();
  }

  /** The last that is wholly in view, or so far that its end is. */
  lastSeen(): HTMLElement | undefined {
    const bottom = (this.box?.getBoundingClientRect().bottom ?? 0) + SEEN_PX;
    const items = [...this.items()];
    let low = 0;
    let high = items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((items[middle] as HTMLElement).getBoundingClientRect().bottom <= bottom) low = middle + 1;
      else high = middle;
    }
    return items[low - 1];
  }

  private items(): NodeListOf<HTMLElement> {
    return (this.box as HTMLElement).querySelectorAll<HTMLElement>("[data-key]");
  }

  private item(key: string): HTMLElement | undefined {
    return [...this.items()].find((one) => one.dataset.key === key);
  }
}
