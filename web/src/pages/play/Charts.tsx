import { formatNumber, t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import { dayName } from "../../i18n/times";
import { runningTotal } from "../../play/series";
import type { DayOfPlays, PlayResult } from "../../wire/shapes";
import { Choice } from "./Choice";
import { Spread } from "./Spread";

const SPANS = [7, 30, 90] as const;
/** Days. */
export type Span = (typeof SPANS)[number];

interface Looks {
  days: readonly DayOfPlays[];
  recent: readonly PlayResult[];
  span: Span;
  choose: (span: Span) => void;
}

/** Pictures for those who see them; the table under them says the same. */
export function Charts({ days, recent, span, choose }: Looks) {
  return (
    <>
      <Choice
        label={t("play.chart.span")}
        all={SPANS}
        chosen={span}
        choose={choose}
        name={(one) => t("play.chart.days", { count: one })}
      />
      <div class="charts">
        <ByDay days={days} />
        <Prizes days={days} />
        <Spread recent={recent} />
      </div>
      <DayTable days={days} />
    </>
  );
}

/** Each day a column: what was won stands on the ground, what was lost on top of it. */
function ByDay({ days }: { days: readonly DayOfPlays[] }) {
  const most = Math.max(1, ...days.map((day) => day.games));
  return (
    <figure class="chart">
      <figcaption>
        <b>{t("play.chart.plays")}</b>
        <span class="legend legend-won">{t("play.chart.won")}</span>
        <span class="legend legend-lost">{t("play.chart.lost")}</span>
      </figcaption>
      <div class="plot">
        <span class="plot-most">{formatNumber(most)}</span>
        <svg viewBox={`0 0 ${days.length} ${most}`} preserveAspectRatio="none" aria-hidden="true">
          {days.map(({ day, games, wins, prize }, n) => (
            <g key={day}>
              <title>{`${nameOf(day)}: ${t("play.stats.of", { wins, games })}, ${money(prize)}`}</title>
              <rect class="bar-ground" x={n} y={0} width={1} height={most} />
              <rect class="bar-win" x={n + 0.15} y={most - wins} width={0.7} height={wins} />
              <rect class="bar-lose" x={n + 0.15} y={most - games} width={0.7} height={games - wins} />
            </g>
          ))}
        </svg>
      </div>
      <Ends days={days} />
    </figure>
  );
}

/** What was won since the first of these days. */
function Prizes({ days }: { days: readonly DayOfPlays[] }) {
  const total = runningTotal(days);
  const most = Math.max(1, total.at(-1) ?? 0);
  const last = Math.max(1, days.length - 1);
  const line = total.map(
    (sum, n) => `${((n / last) * 100).toFixed(2)},${(100 - (sum / most) * 96).toFixed(2)}`,
  );
  return (
    <figure class="chart">
      <figcaption>
        <b>{t("play.chart.prizes")}</b>
      </figcaption>
      <div class="plot">
        <span class="plot-most">{money(total.at(-1) ?? 0)}</span>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <polygon class="area" points={`0,100 ${line.join(" ")} 100,100`} />
          <polyline class="trend" points={line.join(" ")} />
        </svg>
      </div>
      <Ends days={days} />
    </figure>
  );
}

function Ends({ days }: { days: readonly DayOfPlays[] }) {
  return (
    <p class="plot-ends" aria-hidden="true">
      <span>{nameOf(days[0]?.day ?? "")}</span>
      <span>{nameOf(days.at(-1)?.day ?? "")}</span>
    </p>
  );
}

function DayTable({ days }: { days: readonly DayOfPlays[] }) {
  const played = days.filter((day) => day.games > 0).reverse();
  return (
    <details class="day-table">
      <summary>{t("play.chart.table")}</summary>
      <table class="board">
        <thead>
          <tr>
            <th scope="col">{t("play.chart.day")}</th>
            <th scope="col">{t("play.stats.games")}</th>
            <th scope="col">{t("play.chart.won")}</th>
            <th scope="col">{t("play.board.prize")}</th>
          </tr>
        </thead>
        <tbody>
          {played.map(({ day, games, wins, prize }) => (
            <tr key={day}>
              <th scope="row">{nameOf(day)}</th>
              <td>{formatNumber(games)}</td>
              <td>{formatNumber(wins)}</td>
              <td>{money(prize)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

/** A date is a day of the server's, wherever this device is. */
function nameOf(day: string): string {
  return day ? dayName(`${day}T12:00:00`) : "";
}
