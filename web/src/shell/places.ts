/** The places in the bar, in their order. */

import { type ReadonlySignal, signal } from "@preact/signals";
import { unreadTotal } from "../chat/rooms";
import type { Key } from "../i18n/i18n";
import { unread } from "../notices/notices";
import { waiting } from "../people/circle";
import type { IconName } from "../ui/Icon";
import type { Section } from "./routes";

export interface Place {
  readonly section: Section;
  readonly href: string;
  readonly icon: IconName;
  readonly label: Key;
  /** How much is new there. */
  readonly news: ReadonlySignal<number>;
}

const NOTHING = signal(0);

export const PLACES: readonly Place[] = [
  { section: "chats", href: "/", icon: "chats", label: "place.chats", news: unreadTotal },
  { section: "play", href: "/play", icon: "dice", label: "place.play", news: NOTHING },
  { section: "draws", href: "/draws", icon: "draws", label: "place.draws", news: NOTHING },
  { section: "people", href: "/people", icon: "group", label: "place.people", news: waiting },
  {
    section: "notifications",
    href: "/notifications",
    icon: "bell",
    label: "place.notifications",
    news: unread,
  },
  { section: "settings", href: "/settings", icon: "gear", label: "place.settings", news: NOTHING },
];
