import { locale, t } from "../../i18n/i18n";
import { beginning, dated, moved } from "../../play/periods";
import { Icon } from "../../ui/Icon";

interface Looks {
  period: "day" | "week";
  /** A day in it. */
  on: string;
  today: string;
  /** Nothing for the present. */
  go: (on: string | undefined) => void;
}

/** Which day or week is shown, and the ways to those beside it. */
export function When({ period, on, today, go }: Looks) {
  const present = beginning(period, today);
  const isNow = beginning(period, on) >= present;
  const step = (by: number) => {
    const next = moved(period, on, by);
    go(next >= present ? undefined : next);
  };
  return (
    <div class="when">
      <button
        type="button"
        class="icon-button"
        aria-label={t(`play.board.${period}.before`)}
        onClick={() => step(-1)}
      >
        <Icon name="back" />
      </button>
      <p class="when-name" aria-live="polite">
        {isNow && <b>{t(`play.board.${period}.now`)}</b>}{" "}
        <span>{dated(period, on, today, locale.value)}</span>
      </p>
      {/* Not `disabled`: whoever comes to the present by it keeps their place. */}
      <button
        type="button"
        class="icon-button"
        aria-label={t(`play.board.${period}.after`)}
        aria-disabled={isNow}
        onClick={() => isNow || step(1)}
      >
        <Icon name="forward" />
      </button>
    </div>
  );
}
