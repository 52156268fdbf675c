import { useEffect, useRef, useState } from "preact/hooks";
import { senderOf } from "../../chat/names";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import type { Message } from "../../wire/shapes";
import { addressOf, isPicture } from "./Attachments";
import type { Talk } from "./talk";
import "../../styles/lightbox.css";

interface Looks {
  talk: Talk;
  message: Message;
  file: string;
  onClose: () => void;
}

/** One picture as large as there is room; arrows go to those around it. */
export default function Lightbox({ talk, message, file, onClose }: Looks) {
  const ref = useRef<HTMLDialogElement>(null);
  const [here, setHere] = useState(file);
  const all = talk.rows.value.flatMap(({ shown }) =>
    shown.message.id && !shown.message.deleted
      ? (shown.message.attachments ?? []).filter(isPicture).map((one) => ({ one, message: shown.message }))
      : [],
  );
  const at = all.findIndex(({ one }) => one.id === here);
  const shown = all[at];
  useEffect(() => {
    ref.current?.showModal();
    return () => ref.current?.close();
  }, []);
  useEffect(() => {
    if (!shown) onClose(); // It was deleted meanwhile.
  }, [shown, onClose]);
  if (!shown) return <dialog ref={ref} class="lightbox" aria-label={message.sender} />;
  const step = (by: number) => setHere(all[at + by]?.one.id ?? here);
  const source = addressOf(talk, shown.one);
  return (
    <dialog
      ref={ref}
      class="lightbox"
      aria-label={shown.one.name}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") step(-1);
        if (event.key === "ArrowRight") step(1);
      }}
      onClick={(event) => !(event.target as Element).closest("img, button, a") && onClose()}
    >
      <header class="lightbox-head">
        <p>
          <strong>{senderOf(shown.message, myId.value)}</strong>
          <span>
            {shown.one.name} · {fully(shown.message.timestamp)}
          </span>
        </p>
        <a class="icon-button" href={source} download={shown.one.name} aria-label={t("file.download")}>
          <Icon name="download" />
        </a>
        <button type="button" class="icon-button" aria-label={t("close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div class="lightbox-stage">
        <img
          key={shown.one.id}
          src={source}
          alt={shown.one.name}
          width={shown.one.width ?? undefined}
          height={shown.one.height ?? undefined}
        />
      </div>
      {at > 0 && (
        <button
          type="button"
          class="icon-button lightbox-before"
          aria-label={t("picture.before")}
          onClick={() => step(-1)}
        >
          <Icon name="back" />
        </button>
      )}
      {at < all.length - 1 && (
        <button
          type="button"
          class="icon-button lightbox-after"
          aria-label={t("picture.after")}
          onClick={() => step(1)}
        >
          <Icon name="back" />
        </button>
      )}
    </dialog>
  );
}
