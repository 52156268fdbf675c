import { useRef, useState } from "preact/hooks";
import { titleOf } from "../../chat/names";
import { roomList } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import { ask } from "../../wire/http";
import type { PlayResult } from "../../wire/shapes";
import { stubbornly } from "../../wire/stubborn";

/** As many conversations as fit: the newest are first. */
const OFFERED = 12;

export function Share({ result }: { result: PlayResult }) {
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState("");
  const button = useRef<HTMLButtonElement>(null);
  const share = async (conversation_id: number, where: string) => {
    const body = { conversation_id, client_id: `play-${result.id}-${conversation_id}` };
    setOpen(false);
    button.current?.focus();
    try {
      await stubbornly(() =>
        ask("post", "/api/game/plays/{key}/share", { path: { key: result.idempotency_key }, body }),
      );
      setSaid(t("play.share.done", { where }));
    } catch (error) {
      setSaid(explain(error));
    }
  };
  return (
    <div class="share">
      <button
        ref={button}
        type="button"
        class="button button-quiet"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Icon name="send" /> {t("play.share")}
      </button>
      {open && (
        <ul class="share-rooms" aria-label={t("play.share.where")}>
          {roomList.value.slice(0, OFFERED).map((room) => {
            const where = titleOf(room.summary.value, myId.value);
            return (
              <li key={room.id}>
                <button type="button" class="button button-plain" onClick={() => void share(room.id, where)}>
                  {where}
                </button>
              </li>
            );
          })}
          {!roomList.value.length && <li class="note">{t("play.share.none")}</li>}
        </ul>
      )}
      <p class="note" role="status">
        {said}
      </p>
    </div>
  );
}
