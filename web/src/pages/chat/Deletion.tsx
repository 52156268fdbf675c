import { remove } from "../../chat/acts";
import { excerpt } from "../../chat/names";
import { t } from "../../i18n/i18n";
import { Confirmation } from "../../ui/Dialog";
import type { Message } from "../../wire/shapes";
import type { Talk } from "./talk";

interface Looks {
  talk: Talk;
  message: Message;
  onClose: () => void;
}

export default function Deletion({ talk, message, onClose }: Looks) {
  return (
    <Confirmation
      title={t("deletion.title")}
      text={excerpt(message) || t("deletion.text")}
      deed={t("menu.delete")}
      act={() => remove(talk.room.id, message.id)}
      onClose={onClose}
    />
  );
}
