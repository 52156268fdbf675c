import { useEffect, useState } from "preact/hooks";
import { roomList } from "../../chat/rooms";
import { match, navigate, path } from "../../shell/router";
import { later } from "../../ui/later";

const Help = later(() => import("./Help"));

/** Keys that work anywhere among the conversations. */
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
  const { key, altKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (command && !altKey && key === "k") return () => document.getElementById("find-chat")?.focus();
  if (command && !altKey && key === "/") return help;
  if (altKey && !command && key === "ArrowUp") return () => step(-1);
  if (altKey && !command && key === "ArrowDown") return () => step(1);
  if (command || altKey || writing(event.target)) return undefined;
  if (key === "?") return help;
  if (key === "/") return () => document.querySelector<HTMLElement>(".chat-head [aria-expanded]")?.click();
  return undefined;
}

function writing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return !!element?.closest?.("input, textarea, select, [contenteditable], dialog, [popover]");
}

/** To the conversation above or below. */
function step(by: number): void {
  const rooms = roomList.peek();
  const here = Number(match("/c/:id/:message?", path.peek())?.id ?? 0);
  const at = rooms.findIndex((room) => room.id === here);
  const next = rooms[at < 0 ? 0 : at + by];
  if (next) navigate(`/c/${next.id}`);
}
