/** A page of its own beside the bar: a head with its name, and a column that scrolls. */

import type { ComponentChildren } from "preact";
import { t } from "../i18n/i18n";
import { useTitle } from "../shell/title";
import { Icon } from "./Icon";
import "../styles/page.css";

interface Looks {
  title: string;
  /** Where back leads. Beside a list only a phone needs it. */
  back?: string;
  always?: boolean;
  actions?: ComponentChildren;
  children: ComponentChildren;
}

export function Page({ title, back, always = false, actions, children }: Looks) {
  useTitle(title);
  return (
    <div class="page">
      <header class="page-head">
        {back && (
          <a class={`icon-button ${always ? "" : "only-phone"}`} href={back} aria-label={t("back")}>
            <Icon name="back" />
          </a>
        )}
        <h1>{title}</h1>
        {actions}
      </header>
      <div class="page-scroll">
        <div class="page-column">{children}</div>
      </div>
    </div>
  );
}

export function Panel({
  title,
  note,
  children,
}: {
  title?: string;
  note?: string;
  children: ComponentChildren;
}) {
  return (
    <section class="panel">
      {title && <h2>{title}</h2>}
      {note && <p class="note">{note}</p>}
      {children}
    </section>
  );
}
