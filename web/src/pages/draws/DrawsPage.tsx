import "./draws.css";
import { useEffect } from "preact/hooks";
import { current, lotteries, readDraws, readLotteries, shelfOf } from "../../draws/draws";
import { t } from "../../i18n/i18n";
import { useTitle } from "../../shell/title";
import { Icon } from "../../ui/Icon";
import type { Lottery } from "../../wire/shapes";
import { Assurance } from "./Assurance";
import { Countdown } from "./Countdown";
import { cadence, lotteryName } from "./names";

export default function DrawsPage() {
  useTitle(t("place.draws"));
  useEffect(() => void readLotteries(), []);
  const all = lotteries.value;
  return (
    <div class="hall">
      <header class="hall-head">
        <h1>{t("place.draws")}</h1>
        <a class="button button-quiet" href="/check">
          <Icon name="shield" /> {t("draws.check.short")}
        </a>
      </header>
      {all === null && <Again act={readLotteries} />}
      {all === undefined && <Ghosts />}
      {all?.length === 0 && <p class="pane-note">{t("draws.none")}</p>}
      <ul class="lotteries">
        {all?.map((lottery) => (
          <Card key={lottery.name} lottery={lottery} />
        ))}
      </ul>
    </div>
  );
}

function Card({ lottery }: { lottery: Lottery }) {
  const { name } = lottery;
  useEffect(() => void readDraws(name), [name]);
  const shelf = shelfOf(name);
  const draw = shelf && current(shelf.draws);
  const here = shelf?.mine.filter((ballot) => ballot.number === draw?.number).length ?? 0;
  return (
    <li class="lottery">
      <h2>
        <a href={`/draws/${name}`}>{lotteryName(name)}</a>
      </h2>
      <p class="note">
        {cadence(lottery)} · {t("draws.prizes", { count: draw?.prizes ?? lottery.prizes })}
        {draw && <> · {t("draws.ballots", { count: draw.ballots })}</>}
      </p>
      {lottery.ended_at && <p class="tag">{t("draws.ended")}</p>}
      {draw && <Countdown draw={draw} size="s" />}
      {here > 0 && <p class="tag tag-own">{t("draws.mine.here", { count: here })}</p>}
      {draw && (
        <details class="assured">
          <summary>
            <Icon name="shield" />{" "}
            {draw.level === null ? t("draws.level.none") : t("draws.level", { level: draw.level })}
          </summary>
          <Assurance level={draw.level} />
        </details>
      )}
    </li>
  );
}

export function Again({ act }: { act: () => Promise<void> }) {
  return (
    <div class="pane-note" role="alert">
      <p>{t("draws.trouble")}</p>
      <button type="button" class="button button-quiet" onClick={() => void act()}>
        {t("again")}
      </button>
    </div>
  );
}

export function Ghosts() {
  return (
    <div class="draw-ghosts" role="status" aria-busy="true" aria-label={t("loading")}>
      <span class="ghost-block" />
      <span class="ghost-block" />
    </div>
  );
}
