import "../draws/draws.css";
import "./play.css";
import { t } from "../../i18n/i18n";
import type { Places } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { Dice } from "./Dice";
import { Leaders } from "./Leaders";
import { Mine } from "./Mine";
import { NumberGame } from "./NumberGame";

const PARTS = {
  number: { label: "play.number", part: NumberGame },
  dice: { label: "play.dice", part: Dice },
  mine: { label: "play.mine", part: Mine },
  leaders: { label: "play.leaders", part: Leaders },
} as const;

export default function PlayPage({ places }: { places: Places }) {
  useTitle(t("place.play"));
  const chosen =
    places.part && Object.hasOwn(PARTS, places.part) ? (places.part as keyof typeof PARTS) : "number";
  const { part: Part } = PARTS[chosen];
  return (
    <div class="hall">
      <header class="hall-head">
        <h1>{t("place.play")}</h1>
      </header>
      <nav class="parts" aria-label={t("place.play")}>
        {Object.entries(PARTS).map(([name, { label }]) => (
          <a key={name} href={`/play/${name}`} aria-current={name === chosen ? "page" : undefined}>
            {t(label)}
          </a>
        ))}
      </nav>
      <Part />
    </div>
  );
}
