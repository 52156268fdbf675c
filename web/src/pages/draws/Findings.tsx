import type { Finding } from "../../fairdraw/terms";
import { hasWords, t } from "../../i18n/i18n";
import { Icon } from "../../ui/Icon";
import { Assurance } from "./Assurance";
import type { Trial } from "./checking";

/** Of a long log the last are enough to see that it goes on; all of them were checked. */
const SHOWN = 60;

const SUBJECTS: Readonly<Record<string, string>> = {
  draw: "check.subject.draw",
  ballot: "check.subject.ballot",
  receipt: "draws.mine.receipt",
  log: "check.subject.log",
  checkpoint: "check.subject.checkpoint",
  plays: "check.subject.plays",
  round: "check.subject.round",
};

/** Each check as it passes, and what it comes to. Anything but a verdict that it holds is shown as none. */
export function Findings({ trial }: { trial: Trial | undefined }) {
  if (!trial) return null;
  const { state, findings, verdict, trouble } = trial;
  const outcome =
    state === "done" && verdict
      ? verdict.holds
        ? verdict.unchecked
          ? "partly"
          : "holds"
        : "refused"
      : state === "trouble"
        ? "trouble"
        : "running";
  const level = levelIn(findings);
  const words = state === "fetching" ? t("check.fetching") : t(`check.${outcome}`);
  return (
    <section class="verdict" data-outcome={outcome} aria-label={t("check.title")}>
      <p class="verdict-words" role="status">
        <span class="verdict-sign">
          {outcome === "running" ? (
            <span class="turning" />
          ) : (
            <Icon name={outcome === "holds" ? "check" : outcome === "refused" ? "close" : "warning"} />
          )}
        </span>
        {words}
      </p>
      {trouble && <p>{trouble}</p>}
      {outcome === "refused" && (
        <div class="refused">
          <p>{t("check.refused.text")}</p>
          <p class="note">{t("check.said")}</p>
          <p lang="en">
            <code>{verdict?.refusal}</code>
          </p>
        </div>
      )}
      <ol class="findings">
        {findings.slice(-SHOWN).map((finding, n) => (
          <Row key={`${findings.length > SHOWN ? findings.length : 0}-${n}`} finding={finding} />
        ))}
      </ol>
      {state === "done" && verdict?.holds && level !== undefined && <Assurance level={level} />}
    </section>
  );
}

/** Of the draw that was checked: what holds is worth what its level is worth. */
function levelIn(findings: readonly Finding[]): 0 | 1 | 2 | undefined {
  const told = findings.find((one) => one.type === "passed" && one.check === "transcript.is");
  return told?.type === "passed" ? (told.values.level as 0 | 1 | 2) : undefined;
}

function Row({ finding }: { finding: Finding }) {
  if (finding.type === "file") {
    const subject = SUBJECTS[finding.name] ?? "";
    return <li class="finding-file">{hasWords(subject) ? t(subject) : finding.name}</li>;
  }
  if (finding.type === "unchecked") {
    return (
      <li class="finding" data-unchecked>
        <Icon name="warning" />
        <span>
          {t("check.unchecked")}: <span lang="en">{finding.what}</span>
        </span>
      </li>
    );
  }
  if (finding.check === "transcript.dealers" && finding.values.count === 0) return null;
  return (
    <li class="finding">
      <Icon name="check" />
      <span>{t(`checks.${finding.check}`, finding.values)}</span>
    </li>
  );
}
