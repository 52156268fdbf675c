/** A small choice of emoji, and those that one has used last. */

import { myId, onLeaving } from "../session/session";

export const EMOJI: readonly string[] = [
  ...["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "🔥", "👏", "👀", "💯", "✅"],
  ...["😀", "😄", "😅", "🤣", "😊", "😉", "😍", "🥰", "😘", "😎", "🤩", "🥳"],
  ...["🙂", "🤔", "🤨", "😐", "😏", "😴", "🥱", "😬", "🙄", "😳", "🥺", "😭"],
  ...["😤", "😡", "🤯", "😱", "🤗", "🫡", "🤝", "👌", "✌️", "🤞", "👋", "💪"],
  ...["👎", "🙈", "🤷", "🤦", "💔", "💛", "💚", "💙", "⭐", "✨", "⚡", "💡"],
  ...["🎲", "🎯", "🏆", "🥇", "🍀", "🃏", "♟️", "🎮", "☕", "🍕", "🎂", "🍻"],
  ...["🌞", "🌙", "🌈", "❄️", "🚀", "🐱", "🐶", "🦄", "❓", "❗", "❌", "➕"],
];

/** What a message's menu offers at once. */
const AT_ONCE = 6;
const KEPT = 24;

export function recent(): string[] {
  try {
    return JSON.parse(localStorage.getItem(key()) ?? "[]") as string[];
  } catch {
    return [];
  }
}

export function used(emoji: string): void {
  const next = [emoji, ...recent().filter((one) => one !== emoji)].slice(0, KEPT);
  localStorage.setItem(key(), JSON.stringify(next));
}

export function atOnce(): string[] {
  return [...new Set([...recent(), ...EMOJI])].slice(0, AT_ONCE);
}

const PREFIX = "parlour.emoji.";

function key(): string {
  return `${PREFIX}${myId.peek()}`;
}

onLeaving((chosen) => {
  if (chosen) localStorage.removeItem(key());
});
