import { formatNumber, t } from "../../i18n/i18n";
import { STEPS, spread } from "../../play/series";
import type { PlayResult } from "../../wire/shapes";

/** How the prizes of the newest plays are spread: bars with their words, and so for everybody. */
export function Spread({ recent }: { recent: readonly PlayResult[] }) {
  const counts = spread(recent.map((play) => play.prize));
  const most = Math.max(1, ...counts);
  return (
    <figure class="chart">
      <figcaption>
        <b>{t("play.chart.spread", { count: recent.length })}</b>
      </figcaption>
      <ul class="spread">
        {counts.map((count, step) => (
          <li key={step}>
            <span>{nameOf(step)}</span>
            <svg viewBox={`0 0 ${most} 1`} preserveAspectRatio="none" aria-hidden="true">
              <rect class={step ? "bar-win" : "bar-lose"} width={count} height={1} />
            </svg>
            <b>{formatNumber(count)}</b>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function nameOf(step: number): string {
  if (step === 0) return t("play.chart.lost");
  const [from, to] = [STEPS[step - 1] ?? 0, STEPS[step]];
  if (to === undefined) return t("play.chart.from", { from });
  return step === 1 ? t("play.chart.under", { to }) : t("play.chart.between", { from, to });
}
