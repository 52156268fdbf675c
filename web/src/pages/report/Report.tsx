import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { useDoing } from "../../ui/asking";
import { Complaint, Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { ask } from "../../wire/http";
import "../../styles/keys.css";

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

type About =
  | { readonly kind: "message"; readonly conversation_id: number; readonly message_id: number }
  | { readonly kind: "user"; readonly user_id: number };

interface Looks {
  about: About;
  title: string;
  /** What happens now. */
  thanks: string;
  /** What is reported, or what one should know before. */
  children: ComponentChildren;
  onClose: () => void;
}

/** Tells the moderators of a message, or of somebody; who is reported hears nothing of it. */
export default function Report({ about, title, thanks, children, onClose }: Looks) {
  const [reason, setReason] = useState<(typeof REASONS)[number]>("spam");
  const [comment, setComment] = useState("");
  /** Sent again, it is the same report. */
  const [client_id] = useState(() => crypto.randomUUID());
  const [sent, setSent] = useState(false);
  const doing = useDoing();
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { ...about, reason, comment, client_id };
    if (await doing.act(() => ask("post", "/api/reports", { body }))) setSent(true);
  };
  if (sent) {
    return (
      <Dialog title={t("report.sent")} onClose={onClose}>
        <p role="status">{thanks}</p>
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("close")}</Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        {children}
        <fieldset class="report-reasons">
          <legend>{t("report.reason")}</legend>
          {REASONS.map((one) => (
            <label key={one}>
              <input type="radio" name="reason" checked={reason === one} onChange={() => setReason(one)} />
              {t(`report.${one}`)}
            </label>
          ))}
        </fieldset>
        <div class="field">
          <label for="report-comment">{t("report.comment")}</label>
          <textarea
            id="report-comment"
            rows={2}
            maxLength={1000}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        </div>
        <Complaint of={doing} />
        <div class="dialog-acts">
          <Button kind="plain" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" kind="danger" busy={doing.busy}>
            {t("report.send")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
