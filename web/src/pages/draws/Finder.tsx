import { useId } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { navigate } from "../../shell/router";
import { Button } from "../../ui/form";
import type { Lottery } from "../../wire/shapes";

/** To any draw there was or will be: by its number, and where each day has one, by its day. */
export function Finder({ lottery, newest }: { lottery: Lottery; newest: number }) {
  const id = useId();
  const daily = lottery.cadence === "daily";
  const go = (event: Event) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const wanted = fields.get("day") || fields.get("number");
    if (wanted) navigate(`/draws/${lottery.name}/${wanted}`);
  };
  return (
    <form class="finder" aria-label={t("draws.find")} onSubmit={go}>
      {daily && (
        <p class="field">
          <label for={`${id}-day`}>{t("draws.find.day")}</label>
          <input id={`${id}-day`} name="day" type="date" />
        </p>
      )}
      <p class="field">
        <label for={`${id}-number`}>{t("draws.find.number")}</label>
        <input id={`${id}-number`} name="number" type="number" inputMode="numeric" min={1} max={newest} />
      </p>
      <Button type="submit" kind="plain">
        {t("draws.find.show")}
      </Button>
    </form>
  );
}
