import { useCallback, useEffect, useState } from "preact/hooks";
import { formatNumber, hasWords, t } from "../../i18n/i18n";
import { dayName, shortly } from "../../i18n/times";
import { latest } from "../../play/plays";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { ask } from "../../wire/http";
import type { PlayResult } from "../../wire/shapes";
import { Ghosts } from "../draws/DrawsPage";
import { Rosette } from "../draws/Winners";
import { money } from "./money";

const PAGE = 20;

async function read() {
  const [plays, statistics, achievements] = await Promise.all([
    ask("get", "/api/game/history", { query: { limit: PAGE } }),
    ask("get", "/api/game/statistics"),
    ask("get", "/api/game/achievements"),
  ]);
  return { plays, statistics, achievements, end: plays.length < PAGE };
}

export function Mine() {
  const [found, setFound] = useState<Awaited<ReturnType<typeof read>>>();
  const [trouble, setTrouble] = useState(false);
  const news = latest.value;
  const again = useCallback(() => {
    setTrouble(false);
    read().then(setFound, () => setTrouble(true));
  }, []);
  // A play of one's own, in whatever tab, changes all of it.
  useEffect(again, [news, again]);
  if (trouble && !found)
    return (
      <div class="pane-note" role="alert">
        <p>{t("play.trouble")}</p>
        <Button kind="quiet" onClick={again}>
          {t("again")}
        </Button>
      </div>
    );
  if (!found) return <Ghosts />;
  const { plays, statistics: now, achievements, end } = found;
  const more = async () => {
    const before = plays.at(-1)?.id;
    const older = await ask("get", "/api/game/history", {
      query: { limit: PAGE, ...(before && { before }) },
    });
    setFound({ ...found, plays: [...plays, ...older], end: older.length < PAGE });
  };
  return (
    <>
      <section class="block" aria-labelledby="stats">
        <h2 id="stats">{t("play.stats")}</h2>
        <dl class="facts">
          <Fact name={t("play.stats.games")} value={formatNumber(now.total_games)} />
          <Fact name={t("play.stats.rate")} value={`${formatNumber(now.win_rate)}%`} />
          <Fact name={t("play.stats.total")} value={money(now.total_prize)} />
          <Fact name={t("play.stats.best")} value={money(now.best_prize)} />
          <Fact
            name={t("play.stats.streak")}
            value={formatNumber(now.win_streak ?? 0)}
            note={t("play.stats.record", { count: now.best_win_streak ?? 0 })}
          />
          <Fact
            name={t("play.stats.days")}
            value={formatNumber(now.day_streak ?? 0)}
            note={t("play.stats.record", { count: now.best_day_streak ?? 0 })}
          />
        </dl>
        {plays.length > 1 && <Chart plays={plays.slice(0, PAGE).reverse()} />}
      </section>
      <section class="block" aria-labelledby="achievements">
        <h2 id="achievements">{t("play.achievements")}</h2>
        <ul class="achievements">
          {achievements.map((one) => {
            const key = `play.achievement.${one.name}`;
            return (
              <li key={one.name} data-earned={one.earned_at !== null}>
                <Rosette place={one.earned_at ? "✓" : ""} />
                <span>
                  {hasWords(key) ? t(key) : one.title}
                  <span class="note">
                    {one.earned_at ? dayName(one.earned_at) : t("play.achievements.not")}
                  </span>
                </span>
              </li>
            );
          })}
        </ul>
      </section>
      <section class="block" aria-labelledby="history">
        <h2 id="history">{t("play.history")}</h2>
        {plays.length ? (
          <ul class="draw-rows">
            {plays.map((play) => (
              <Row key={play.id} play={play} />
            ))}
          </ul>
        ) : (
          <p class="note">{t("play.history.none")}</p>
        )}
        {!end && (
          <Button kind="plain" onClick={() => void more().catch(() => {})}>
            {t("play.more")}
          </Button>
        )}
      </section>
    </>
  );
}

function Fact({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <span class="note"> {note}</span>}
      </dd>
    </div>
  );
}

/** Bars, each a play; a loss is a stub. Said in words for those who do not see it. */
function Chart({ plays }: { plays: readonly PlayResult[] }) {
  const most = Math.max(1, ...plays.map((play) => play.prize));
  const width = 100 / plays.length;
  return (
    <figure class="chart">
      <figcaption class="note">{t("play.chart")}</figcaption>
      <svg viewBox="0 0 100 30" preserveAspectRatio="none" aria-hidden="true">
        {plays.map((play, n) => {
          const height = Math.max(1, (Math.log1p(play.prize) / Math.log1p(most)) * 29);
          return (
            <rect
              key={play.id}
              class={play.result === "win" ? "bar-win" : "bar-lose"}
              x={n * width + width * 0.15}
              y={30 - height}
              width={width * 0.7}
              height={height}
            />
          );
        })}
      </svg>
      <p class="hidden">
        {t("play.chart.text", {
          count: plays.length,
          prizes: plays.map((play) => money(play.prize)).join("; "),
        })}
      </p>
    </figure>
  );
}

function Row({ play }: { play: PlayResult }) {
  const move = play.move as { number?: number; side?: "over" | "under"; chance?: number };
  const outcome = play.outcome as { roll?: number };
  const said = move.side
    ? `${t(`play.dice.${move.side}`)} ${move.chance}% · ${t("play.dice.rolled", { roll: outcome.roll ?? 0 })}`
    : formatNumber(move.number ?? 0);
  const title = play.game === "dice" ? t("play.dice") : play.game === "number" ? t("play.number") : play.game;
  return (
    <li class="play-row" data-won={play.result === "win"}>
      <span class="play-row-game">
        <b>{title}</b> <span class="note">{shortly(play.played_at)}</span>
      </span>
      <span class="play-row-said">{said}</span>
      <span class="play-row-prize">{play.result === "win" ? money(play.prize) : t("play.lose.short")}</span>
      {play.proof ? (
        <a
          class="icon-button"
          href={`/check?play=${encodeURIComponent(play.idempotency_key)}`}
          aria-label={t("play.check")}
          title={t("play.check")}
        >
          <Icon name="shield" />
        </a>
      ) : (
        <span class="icon-gap" />
      )}
    </li>
  );
}
