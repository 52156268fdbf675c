import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import type { PlayResult } from "../../wire/shapes";
import { Joy } from "./Joy";
import { Share } from "./Share";

/** What came of a play; a win has a moment of joy. Its place is there before it, so that it is read out. */
export function Outcome({ result, detail }: { result: PlayResult | undefined; detail: string }) {
  const won = result?.result === "win";
  const place = useRef<HTMLElement>(null);
  // On a phone it lies below what was pressed.
  useEffect(() => {
    if (result) place.current?.scrollIntoView({ block: "nearest" });
  }, [result?.id]);
  return (
    <section ref={place} class="outcome" data-won={won} data-there={!!result}>
      <div role="status">
        {result && (
          <p key={result.id} class="outcome-words">
            {won && <Joy />}
            {won ? t("play.win", { prize: money(result.prize) }) : t("play.lose")}
            <span class="outcome-detail">{detail}</span>
          </p>
        )}
      </div>
      {result && <Share key={result.id} result={result} />}
    </section>
  );
}
