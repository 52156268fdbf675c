import { useId, useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { nameOf, type Person } from "../../people/people";
import { Dialog } from "../../ui/Dialog";
import { Button, Trouble, useForm } from "../../ui/form";
import { say } from "../../ui/toast";
import { ask } from "../../wire/http";

const REASONS = [
  "spam",
  "harassment",
  "hate",
  "violence",
  "sexual",
  "self_harm",
  "illegal",
  "other",
] as const;
type Reason = (typeof REASONS)[number];

/** To the moderators of this server; the person hears nothing of it. */
export function Report({ person, onClose }: { person: Person; onClose: () => void }) {
  const id = useId();
  /** Sent again, it is the same report. */
  const [client_id] = useState(() => crypto.randomUUID());
  const form = useForm(async ({ reason = "other", comment = "" }) => {
    await ask("post", "/api/reports", {
      body: { kind: "user", user_id: person.id, reason: reason as Reason, comment, client_id },
    });
    say(t("report.done"));
    onClose();
  });
  return (
    <Dialog title={t("report.title", { name: nameOf(person) })} onClose={onClose}>
      <form onSubmit={form.submit} class="stack">
        <p>{t("report.text")}</p>
        <Trouble of={form} />
        <p class="field">
          <label for={`${id}-reason`}>{t("report.reason")}</label>
          <select id={`${id}-reason`} name="reason">
            {REASONS.map((one) => (
              <option key={one} value={one}>
                {t(`report.${one}`)}
              </option>
            ))}
          </select>
        </p>
        <p class="field">
          <label for={`${id}-comment`}>{t("report.comment")}</label>
          <textarea id={`${id}-comment`} name="comment" rows={4} maxLength={1000} />
        </p>
        <div class="dialog-acts">
          <Button kind="plain" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" busy={form.busy}>
            {t("report.send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
