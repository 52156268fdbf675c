/** Pages come when they are wanted. */

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { onReady } from "../live/live";
import type { Page, Route } from "./routes";

declare global {
  /** Of `public/again.js`: false when that was tried a moment ago. */
  var beginOnceMore: () => boolean;
}

type Load = NonNullable<Route["main"]>;

const there = new Map<Load, Page>();
/** The server has other files by now than this page asks for: it was updated. */
export const outdated = signal(false);
/** The page that is wanted now, and did not come because nobody answers. */
export const unreachable = signal<Load | undefined>(undefined);

/** Nothing while it is on its way; what was shown before is gone by then. */
export function usePage(load: Load | undefined): Page | undefined {
  const [, arrived] = useState<Page>();
  useEffect(() => {
    if (!load || there.has(load)) return;
    let wanted = true;
    load().then(
      (module) => {
        there.set(load, module.default);
        arrived(() => module.default);
      },
      async () => {
        if (!(await answers())) {
          if (wanted) unreachable.value = load;
        } else if (!globalThis.beginOnceMore()) outdated.value = true;
      },
    );
    return () => {
      wanted = false;
      if (unreachable.peek() === load) unreachable.value = undefined;
    };
  }, [load]);
  return load && there.get(load);
}

/** A file did not come. Either the server is another by now, and we say so; or nobody answers. */
export async function isOutdated(): Promise<boolean> {
  outdated.value ||= await answers();
  return outdated.value;
}

/** Begins anew, once somebody answers: browsers remember for as long as a page lives what they could not have. */
export async function beginAnew(): Promise<void> {
  if (await answers()) location.reload();
}

/** Past everything that is kept on this device. */
async function answers(): Promise<boolean> {
  return await fetch("/theme.js", { method: "HEAD", cache: "no-store" }).then(
    () => true,
    () => false,
  );
}

const resume = () => {
  if (unreachable.peek()) void beginAnew();
};
onReady(resume);
globalThis.addEventListener?.("online", resume);
