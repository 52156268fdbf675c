/** What stands where an answer is still on its way, has not come, or is empty. */

import type { ComponentChildren } from "preact";
import { t } from "../i18n/i18n";
import type { Asked } from "./asking";

interface Looks<T> {
  of: Pick<Asked<T>, "value" | "trouble" | "again">;
  /** How many lines of nothing to show meanwhile. */
  ghosts?: number;
  children: (value: T) => ComponentChildren;
}

export function Awaited<T>({ of, ghosts = 4, children }: Looks<T>) {
  if (of.value !== undefined) return <>{children(of.value)}</>;
  if (of.trouble) return <NotThere trouble={of.trouble} again={of.again} />;
  return <Ghosts count={ghosts} />;
}

export function NotThere({ trouble, again }: { trouble: string; again: () => void }) {
  return (
    <div class="pane-note" role="alert">
      <p>{trouble}</p>
      <button type="button" class="button button-plain" onClick={again}>
        {t("again")}
      </button>
    </div>
  );
}

export function Ghosts({ count }: { count: number }) {
  return (
    <div class="ghosts" role="status" aria-label={t("loading")}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} class="ghost ghost-row">
          <span class="avatar avatar-m" />
          <span class="ghost-lines" />
        </div>
      ))}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <div class="pane-note">{children}</div>;
}
