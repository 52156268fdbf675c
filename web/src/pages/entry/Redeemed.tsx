import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";

/** A link from a mail does one thing, and says what came of it. */
export function Redeemed({
  redeem,
  done,
  text,
}: {
  redeem: () => Promise<unknown>;
  done: string;
  text: string;
}) {
  const [outcome, setOutcome] = useState<"done" | { trouble: string }>();
  useEffect(() => {
    redeem().then(
      () => setOutcome("done"),
      (error) => setOutcome({ trouble: explain(error) }),
    );
  }, []);
  if (!outcome) return <p role="status">{t("mailed.wait")}</p>;
  return (
    <div class="stack" role="status">
      <h1>{outcome === "done" ? done : t("mailed.trouble")}</h1>
      <p>{outcome === "done" ? text : outcome.trouble}</p>
      <p class="aside">
        <a href="/">{t("mailed.on")}</a>
      </p>
    </div>
  );
}
