/** How messages are taken hold of: by a pointer, a finger that rests, or keys. One listener for all of them. */

import type { HTMLAttributes } from "preact";
import { useMemo, useState } from "preact/hooks";
import type { Shown } from "../../chat/overlay";
import { latin } from "../../shell/latin";
import type { Spot } from "../../ui/Floating";
import type { Talk } from "./talk";

/** How long a finger rests before it means something else than a touch, and how far it may tremble. */
const REST_MS = 450;
const TREMBLE_PX = 10;

type Hands = Pick<
  HTMLAttributes<HTMLOListElement>,
  | "onClick"
  | "onContextMenu"
  | "onDblClick"
  | "onKeyDown"
  | "onFocusIn"
  | "onPointerDown"
  | "onPointerMove"
  | "onPointerUp"
  | "onPointerCancel"
>;

const focused = new WeakMap<Talk, (key: string) => void>();

/** The key of the message that Tab comes to: the last that had the focus, else the newest. */
export function useStop(talk: Talk): string {
  const [last, setLast] = useState("");
  focused.set(talk, setLast);
  const rows = talk.rows.value;
  if (last && rows.some((row) => row.shown.key === last)) return last;
  return rows.findLast((row) => !row.shown.message.kind)?.shown.key ?? "";
}

export function useHands(talk: Talk): Hands {
  return useMemo(() => handsOf(talk), [talk]);
}

function handsOf(talk: Talk): Hands {
  let resting: { timer: ReturnType<typeof setTimeout>; x: number; y: number } | undefined;
  let rested = false;
  const lift = () => {
    clearTimeout(resting?.timer);
    resting = undefined;
  };
  const open = (item: HTMLElement, at: Spot, kind: "menu" | "emoji" = "menu") => {
    const shown = shownAt(talk, item);
    if (shown) talk.over.value = { kind, shown, at };
  };

  return {
    onClick: (event) => {
      if (rested) {
        rested = false;
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const button = (event.target as Element).closest<HTMLElement>("[data-act]");
      const item = itemOf(event);
      if (!button || !item) return;
      const { left, bottom, top } = button.getBoundingClientRect();
      const shown = shownAt(talk, item);
      if (button.dataset.act === "reply" && shown) talk.answer(shown.message);
      else open(item, { x: left, y: bottom, above: top }, button.dataset.act === "emoji" ? "emoji" : "menu");
    },
    onContextMenu: (event) => {
      const item = itemOf(event);
      // Links and chosen text keep the browser's own menu.
      if (!item || (event.target as Element).closest("a") || String(getSelection())) return;
      event.preventDefault();
      if (!rested) open(item, { x: event.clientX, y: event.clientY });
    },
    onDblClick: (event) => {
      const item = itemOf(event);
      const shown = item && shownAt(talk, item);
      if (shown?.message.id && event.target === item) talk.answer(shown.message);
    },
    onPointerDown: (event) => {
      rested = false;
      const item = itemOf(event);
      if (event.pointerType !== "touch" || !item) return;
      const { clientX: x, clientY: y } = event;
      const timer = setTimeout(() => {
        rested = true;
        navigator.vibrate?.(8);
        open(item, { x, y });
      }, REST_MS);
      resting = { timer, x, y };
    },
    onPointerMove: (event) => {
      if (!resting) return;
      if (Math.hypot(event.clientX - resting.x, event.clientY - resting.y) > TREMBLE_PX) lift();
    },
    onPointerUp: lift,
    onPointerCancel: lift,
    onFocusIn: (event) => {
      const item = itemOf(event);
      if (item && event.target === item) focused.get(talk)?.(item.dataset.key as string);
    },
    onKeyDown: (event) => {
      const item = itemOf(event);
      if (item && event.target === item) press(talk, item, event, open);
    },
  };
}

/** Keys on a message that has the focus. */
function press(
  talk: Talk,
  item: HTMLElement,
  event: KeyboardEvent,
  open: (item: HTMLElement, at: Spot, kind?: "menu" | "emoji") => void,
): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const message = shownAt(talk, item)?.message;
  if (!message) return;
  const { left, bottom, top } = (item.querySelector(".bubble") ?? item).getBoundingClientRect();
  const at = { x: left, y: bottom, above: top };
  const stored = message.id > 0 && !message.deleted && !message.kind;
  const acts: Record<string, () => void> = {
    ArrowUp: () => neighbour(item, -1)?.focus(),
    ArrowDown: () => (neighbour(item, 1) ?? field())?.focus(),
    Enter: () => open(item, at),
    ContextMenu: () => open(item, at),
    F10: () => event.shiftKey && open(item, at),
    Escape: () => field()?.focus(),
    r: () => stored && talk.answer(message),
    e: () => talk.mayChange(message) && talk.change(message),
    c: () => void navigator.clipboard?.writeText(message.content),
    "+": () => stored && open(item, at, "emoji"),
    Delete: () => {
      if (talk.mayDelete(message)) talk.over.value = { kind: "deletion", message };
    },
  };
  const act = acts[latin(event)];
  if (!act) return;
  event.preventDefault();
  event.stopPropagation();
  act();
}

function neighbour(item: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const items = [...(item.parentElement as HTMLElement).querySelectorAll<HTMLElement>(".row")];
  return items[items.indexOf(item) + step];
}

function field(): HTMLElement | null {
  return document.querySelector<HTMLElement>(".composer textarea");
}

function itemOf(event: Event): HTMLElement | null {
  return (event.target as Element).closest<HTMLElement>(".row[data-key]");
}

function shownAt(talk: Talk, item: HTMLElement): Shown | undefined {
  return talk.row(item.dataset.key ?? "")?.shown;
}
