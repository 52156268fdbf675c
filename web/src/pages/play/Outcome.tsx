import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import type { PlayResult } from "../../wire/shapes";
import { Joy } from "./Joy";
import { Share } from "./Share";

/** What came of a play; a win has a moment of joy. */
export function Outcome({ result, detail }: { result: PlayResult; detail: string }) {
  const won = result.result === "win";
  const place = useRef<HTMLElement>(null);
  // On a phone it lies below what was pressed.
  useEffect(() => place.current?.scrollIntoView({ block: "nearest" }), [result.id]);
  return (
    <section ref={place} class="outcome" data-won={won} key={result.id}>
      <p class="outcome-words" role="status">
        {won && <Joy />}
        {won ? t("play.win", { prize: money(result.prize) }) : t("play.lose")}
        <span class="outcome-detail">{detail}</span>
      </p>
      <Share result={result} />
    </section>
  );
}
