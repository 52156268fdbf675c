import { formatNumber, t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import type { Statistics } from "../../wire/shapes";

export function Figures({ now }: { now: Statistics }) {
  return (
    <dl class="figures">
      <Figure name={t("play.stats.games")} value={formatNumber(now.total_games)} />
      <Figure
        name={t("play.stats.rate")}
        value={`${formatNumber(now.win_rate)}%`}
        note={t("play.stats.of", { wins: now.wins, games: now.total_games })}
      />
      <Figure name={t("play.stats.total")} value={money(now.total_prize)} />
      <Figure
        name={t("play.stats.best")}
        value={money(now.best_prize)}
        note={t("play.stats.average", { prize: money(now.average_prize) })}
      />
      <Figure
        name={t("play.stats.streak")}
        value={formatNumber(now.win_streak ?? 0)}
        note={t("play.stats.record", { count: now.best_win_streak ?? 0 })}
      />
      <Figure
        name={t("play.stats.days")}
        value={formatNumber(now.day_streak ?? 0)}
        note={t("play.stats.record", { count: now.best_day_streak ?? 0 })}
      />
    </dl>
  );
}

function Figure({ name, value, note }: { name: string; value: string; note?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        {note && <span class="note">{note}</span>}
      </dd>
    </div>
  );
}
