/** Settings that the server keeps: each change takes effect at once, and is taken back if the server refuses it. */

import { type Asked, type Doing, useAsked, useDoing } from "../../ui/asking";

interface Setting<T> extends Asked<T> {
  readonly doing: Doing;
  change(part: Partial<T>): Promise<void>;
}

export function useSetting<T extends object>(
  read: () => Promise<T>,
  write: (part: Partial<T>) => Promise<T>,
): Setting<T> {
  const asked = useAsked(read);
  const doing = useDoing();
  const change = async (part: Partial<T>) => {
    const before = asked.value;
    if (!before) return;
    asked.set({ ...before, ...part });
    const done = await doing.act(async () => asked.set(await write(part)));
    if (!done) asked.set(before);
  };
  return { ...asked, doing, change };
}
