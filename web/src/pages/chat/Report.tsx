import { useState } from "preact/hooks";
import { excerpt } from "../../chat/names";
import { t } from "../../i18n/i18n";
import { useDoing } from "../../ui/asking";
import { Complaint, Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { ask } from "../../wire/http";
import type { Message } from "../../wire/shapes";
import type { Talk } from "./talk";
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

interface Looks {
  talk: Talk;
  message: Message;
  onClose: () => void;
}

/** Tells the moderators of a message. */
export default function Report({ talk, message, onClose }: Looks) {
  const [reason, setReason] = useState<(typeof REASONS)[number]>("spam");
  const [comment, setComment] = useState("");
  const [client_id] = useState(() => crypto.randomUUID());
  const [sent, setSent] = useState(false);
  const doing = useDoing();
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = {
      kind: "message",
      conversation_id: talk.room.id,
      message_id: message.id,
      reason,
      comment,
      client_id,
    } as const;
    if (await doing.act(() => ask("post", "/api/reports", { body }))) setSent(true);
  };
  if (sent) {
    return (
      <Dialog title={t("report.sent")} onClose={onClose}>
        <p role="status">{t("report.sent.text")}</p>
        <div class="dialog-acts">
          <Button onClick={onClose}>{t("close")}</Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("report.title")} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <blockquote class="report-quote" dir="auto">
          {excerpt(message)}
        </blockquote>
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
