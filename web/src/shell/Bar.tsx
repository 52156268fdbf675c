import { t } from "../i18n/i18n";
import { Icon } from "../ui/Icon";
import { Mark } from "../ui/Mark";
import { PLACES, type Place } from "./places";
import type { Section } from "./routes";

export function Bar({ section }: { section: Section | undefined }) {
  return (
    <nav class="bar" aria-label={t("shell.places")}>
      <span class="bar-mark">
        <Mark size={34} />
      </span>
      <ul>
        {PLACES.map((place) => (
          <li key={place.section} class={`bar-${place.section}`}>
            <Door place={place} here={place.section === section} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Door({ place, here }: { place: Place; here: boolean }) {
  const news = place.news.value;
  return (
    <a class="door" href={place.href} aria-current={here ? "page" : undefined}>
      <span class="door-icon">
        <Icon name={place.icon} />
        {news > 0 && <span class="badge">{news > 99 ? "99+" : news}</span>}
      </span>
      <span class="door-label">{t(place.label)}</span>
    </a>
  );
}
