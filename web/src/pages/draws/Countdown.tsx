import { isOver, left, useNow } from "../../draws/clock";
import { t } from "../../i18n/i18n";
import { clock, fully } from "../../i18n/times";
import type { Draw } from "../../wire/shapes";

/** How long a draw takes ballots, by the server's time. Told to those who listen once, and not every second. */
export function Countdown({ draw, size = "l" }: { draw: Draw; size?: "s" | "l" }) {
  const now = useNow();
  const over = isOver(draw, now);
  const { days, clock: rest } = left(draw.closes_at, now);
  if (over) {
    return (
      <p class={`countdown countdown-${size}`} role="status">
        <span class="countdown-frozen">
          {draw.waiting_for.length
            ? t("draws.waitingFor", { what: draw.waiting_for.join(", ") })
            : t("draws.closing")}
        </span>
      </p>
    );
  }
  const soon = days === 0 && Date.parse(draw.closes_at) - now < 11_000;
  return (
    <p class={`countdown countdown-${size}`} data-soon={soon}>
      <span class="hidden">{t("draws.until", { time: fully(draw.closes_at) })}</span>
      <span class="countdown-label" aria-hidden="true">
        {t("draws.closesIn")}
      </span>
      <span class="countdown-clock" role="timer" aria-live="off" aria-hidden="true">
        {days > 0 && <span class="countdown-days">{t("draws.left.days", { count: days })}</span>}
        <span>{rest}</span>
      </span>
      {size === "l" && (
        <span class="countdown-at" aria-hidden="true">
          {t("draws.until", { time: days > 0 ? fully(draw.closes_at) : clock(draw.closes_at) })}
        </span>
      )}
    </p>
  );
}
