/** Pages come when they are wanted. */

import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { Page, Route } from "./routes";

type Load = NonNullable<Route["main"]>;

const there = new Map<Load, Page>();
/** The server has other files by now than this page asks for: it was updated. */
export const outdated = signal(false);

/** Nothing while it is on its way; what was shown before is gone by then. */
export function usePage(load: Load | undefined): Page | undefined {
  const [, arrived] = useState<Page>();
  useEffect(() => {
    if (!load || there.has(load)) return;
    load().then(
      (module) => {
        there.set(load, module.default);
        arrived(() => module.default);
      },
      () => {
        outdated.value = true;
      },
    );
  }, [load]);
  return load && there.get(load);
}
