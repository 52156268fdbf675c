/** Something small beside what it belongs to, above everything else; on a phone it rises from below.
 *
 * Gone with Escape, with a touch anywhere else, or when what is behind it scrolls. The focus stays inside, and goes back to
 * where it was.
 */

import type { ComponentChildren } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import "../styles/floating.css";

export interface Spot {
  readonly x: number;
  readonly y: number;
  /** It would rather be above this line than below `y`. */
  readonly above?: number;
}

interface Looks {
  at: Spot;
  label: string;
  role: "menu" | "dialog";
  class?: string;
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}

const MARGIN_PX = 8;

export function Floating({ at, label, role, class: looks = "", onClose, onKeyDown, children }: Looks) {
  const ref = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    const box = ref.current as HTMLDivElement;
    box.showPopover();
    const { width, height } = box.getBoundingClientRect();
    const room = { x: innerWidth - width - MARGIN_PX, y: innerHeight - height - MARGIN_PX };
    const below = at.y + MARGIN_PX / 2;
    const above = (at.above ?? at.y) - height - MARGIN_PX / 2;
    const top = below > room.y && above >= MARGIN_PX ? above : below;
    box.style.setProperty("--x", `${Math.max(MARGIN_PX, Math.min(at.x, room.x))}px`);
    box.style.setProperty("--y", `${Math.max(MARGIN_PX, Math.min(top, room.y))}px`);
  }, [at]);

  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    const box = ref.current as HTMLDivElement;
    if (!box.contains(before))
      box.querySelector<HTMLElement>("button, input")?.focus({ preventScroll: true });
    const outside = (event: Event) => {
      if (!box.contains(event.target as Node)) close.current();
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Tab") stay(box, event);
      if (event.key !== "Escape") return;
      event.stopPropagation();
      event.preventDefault();
      close.current();
    };
    document.addEventListener("pointerdown", outside, true);
    document.addEventListener("wheel", outside, { capture: true, passive: true });
    document.addEventListener("keydown", leave, true);
    addEventListener("resize", outside);
    return () => {
      document.removeEventListener("pointerdown", outside, true);
      document.removeEventListener("wheel", outside, true);
      document.removeEventListener("keydown", leave, true);
      removeEventListener("resize", outside);
      if (box.contains(document.activeElement) || document.activeElement === document.body) {
        before?.focus({ preventScroll: true });
      }
    };
  }, []);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has a role, which one is for whoever uses it to say.
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label.
    <div
      ref={ref}
      popover="manual"
      role={role}
      aria-label={label}
      class={`floating ${looks}`}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}

/** Tab goes round inside it: what is behind cannot be seen to have the focus. */
function stay(box: HTMLElement, event: KeyboardEvent): void {
  const all = [...box.querySelectorAll<HTMLElement>("button, input")];
  const here = all.indexOf(document.activeElement as HTMLElement);
  const edge = event.shiftKey ? 0 : all.length - 1;
  if (here >= 0 && here !== edge) return;
  event.preventDefault();
  all.at(event.shiftKey ? -1 : 0)?.focus();
}

/** Arrows walk through the buttons, in rows of so many. */
export function walk(event: KeyboardEvent, columns = 1): void {
  const steps: Record<string, number> = { ArrowDown: columns, ArrowUp: -columns };
  if (columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
  const step = steps[event.key];
  const edge = event.key === "Home" ? 0 : event.key === "End" ? -1 : undefined;
  if (step === undefined && edge === undefined) return;
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[data-step]")];
  if (!buttons.length) return;
  const here = buttons.indexOf(document.activeElement as HTMLElement);
  const next = edge ?? (here < 0 ? 0 : here + (step ?? 0));
  event.preventDefault();
  if (next >= buttons.length && columns > 1) return;
  buttons.at(next % buttons.length)?.focus();
}
