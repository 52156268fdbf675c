import { useState } from "preact/hooks";
import { formatNumber, t } from "../../i18n/i18n";
import { percentOf, playNumber, TIERS } from "../../play/plays";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Outcome } from "./Outcome";
import { usePlaying } from "./playing";

const LARGEST = 9999;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0"] as const;

export function NumberGame() {
  const [typed, setTyped] = useState("");
  const { busy, said, trouble, result, act } = usePlaying();
  const number = Number(typed);
  const valid = number >= 1 && number <= LARGEST;
  const take = (text: string) => setTyped(text.replace(/\D/g, "").replace(/^0+/, "").slice(0, 4));
  const submit = (event: Event) => {
    event.preventDefault();
    if (valid) void act((waiting) => playNumber(number, waiting));
  };
  const shown = result?.move as { number: number } | undefined;
  const percent = (result?.outcome as { percent: number } | undefined)?.percent ?? 0;
  return (
    <>
      <form class="stage table" onSubmit={submit}>
        <h2 class="stage-title">{t("play.number.title")}</h2>
        <label class="hidden" for="number">
          {t("play.number.label")}
        </label>
        <input
          id="number"
          class="big-number"
          inputMode="numeric"
          pattern="[0-9]*"
          autocomplete="off"
          placeholder="842"
          value={typed}
          onInput={(event) => take(event.currentTarget.value)}
        />
        <p class="note">{t("play.number.label")}</p>
        <div class="digits">
          {KEYS.map((digit) =>
            digit ? (
              <button
                key={digit}
                type="button"
                class="digit"
                aria-label={t("play.number.digit", { digit })}
                onClick={() => take(typed + digit)}
              >
                {digit}
              </button>
            ) : (
              <span key="gap" />
            ),
          )}
          <button
            type="button"
            class="digit"
            aria-label={t("play.number.erase")}
            onClick={() => take(typed.slice(0, -1))}
          >
            <Icon name="back" />
          </button>
        </div>
        <Button type="submit" busy={busy} disabled={!valid}>
          {t("play.submit")}
        </Button>
        <p class="note" role="status">
          {said}
        </p>
        {trouble && (
          <p class="trouble" role="alert">
            {trouble}
          </p>
        )}
        <Outcome result={result} detail={shown ? detailOf(shown.number, percent) : ""} />
      </form>
      <section class="block" aria-labelledby="tiers">
        <h2 id="tiers">{t("play.number.tiers")}</h2>
        <p class="note">{t("play.number.rule")}</p>
        <ul class="tiers">
          {TIERS.map(({ above, percent: share }) => (
            <li key={above} data-here={valid && percentOf(number) === share}>
              <b>{formatNumber(share)}%</b>
              <span>{above ? t("play.number.above", { number: above }) : t("play.number.else")}</span>
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

function detailOf(number: number, percent: number): string {
  return percent ? t("play.win.number", { percent, number }) : t("play.lose.number", { number });
}
