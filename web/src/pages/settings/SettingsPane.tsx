import { t } from "../../i18n/i18n";
import { nameOf, portrait } from "../../people/people";
import { logOut, me, profile } from "../../session/session";
import { match, path } from "../../shell/router";
import { Avatar } from "../../ui/Avatar";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { SECTIONS } from "./sections";
import "../../styles/page.css";

export default function SettingsPane() {
  const here = match("/settings/:page?", path.value)?.page;
  return (
    <>
      <header class="pane-head">
        <h1>{t("place.settings")}</h1>
      </header>
      <nav class="pane-scroll" aria-label={t("place.settings")}>
        <Self />
        <ul class="menu">
          {SECTIONS.map((section, index) => (
            <li key={section.name}>
              <a
                class="menu-link"
                href={`/settings/${section.name}`}
                aria-current={(here ?? (index ? "" : section.name)) === section.name ? "page" : undefined}
                data-chosen={here === section.name}
              >
                <Icon name={section.icon} />
                <span class="menu-words">
                  <span class="menu-name">{t(section.label)}</span>
                  <span class="menu-note">{t(section.note)}</span>
                </span>
              </a>
            </li>
          ))}
        </ul>
        <Leave />
      </nav>
    </>
  );
}

function Self() {
  const self = me.value;
  if (!self) return null;
  return (
    <a class="self" href={`/people/${self.id}`}>
      <Avatar id={self.id} name={nameOf(self)} picture={portrait(profile.value ?? undefined)} size="l" />
      <span class="person-words">
        <span class="person-name">{nameOf(self)}</span>
        <span class="person-note">@{self.username}</span>
      </span>
    </a>
  );
}

function Leave() {
  const leaving = useDoing();
  return (
    <div class="menu-end">
      <Complaint of={leaving} />
      <button
        type="button"
        class="menu-link"
        disabled={leaving.busy}
        onClick={() => void leaving.act(logOut)}
      >
        <Icon name="out" />
        <span class="menu-name">{t("settings.logout")}</span>
      </button>
    </div>
  );
}
