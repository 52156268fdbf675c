import { useEffect, useState } from "preact/hooks";
import { roomList } from "../chat/rooms";
import { later } from "../ui/later";
import { latin } from "./latin";
import { PLACES } from "./places";
import { match, navigate, path } from "./router";

const Help = later(() => import("./KeysHelp"));

/** After G, by where they are on the keyboard, whatever its letters are. */
export const PLACE_KEYS = {
  KeyC: "chats",
  KeyP: "play",
  KeyD: "draws",
  KeyF: "people",
  KeyA: "notifications",
  KeyS: "settings",
} as const;
/** So long G waits for the next key. */
const GOING_MS = 1_500;
let going = 0;

/** Keys that work anywhere. */
export function Keys() {
  const [help, setHelp] = useState(false);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = event.defaultPrevented ? undefined : meant(event, () => setHelp(true));
      if (!act) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
  return help ? <Help onClose={() => setHelp(false)} /> : null;
}

function meant(event: KeyboardEvent, help: () => void): (() => void) | undefined {
  const { altKey } = event;
  const key = latin(event);
  const command = event.ctrlKey || event.metaKey;
  if (command && !altKey && key === "k") return find;
  if (command && !altKey && key === "/") return help;
  if (altKey && !command && key === "ArrowUp") return () => step(-1);
  if (altKey && !command && key === "ArrowDown") return () => step(1);
  if (command || altKey || writing(event.target)) return undefined;
  const place = event.timeStamp < going ? PLACE_KEYS[event.code as keyof typeof PLACE_KEYS] : undefined;
  going = event.code === "KeyG" ? event.timeStamp + GOING_MS : 0;
  if (place) return () => navigate(PLACES.find(({ section }) => section === place)?.href ?? "/");
  if (key === "?") return help;
  if (key === "/") return search;
  return undefined;
}

/** The field above the list of conversations, from wherever one is. */
function find(): void {
  const field = document.getElementById("find-chat");
  if (field) field.focus();
  else navigate("/#find-chat");
}

/** Within the conversation that is open. Its button has the focus before, and so has it again after. */
function search(): void {
  const button = document.querySelector<HTMLElement>(".chat-head [aria-expanded]");
  button?.focus();
  button?.click();
}

function writing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable], dialog[open], [popover]");
}

/** To the conversation above or below. */
function step(by: number): void {
  const rooms = roomList.peek();
  const here = Number(match("/c/:id/:message?", path.peek())?.id ?? 0);
  const at = rooms.findIndex((room) => room.id === here);
  const next = rooms[at < 0 ? 0 : at + by];
  if (next) navigate(`/c/${next.id}`);
}
