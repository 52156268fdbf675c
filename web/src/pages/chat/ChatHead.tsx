import { partner, pictureOf, titleOf } from "../../chat/names";
import type { Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { myId } from "../../session/session";
import { Avatar } from "../../ui/Avatar";
import { Icon } from "../../ui/Icon";

export function ChatHead({ room }: { room: Room }) {
  const conversation = room.summary.value;
  const title = titleOf(conversation, myId.value);
  const other = partner(conversation, myId.value);
  return (
    <header class="chat-head">
      <a class="icon-button only-phone" href="/" aria-label={t("back")}>
        <Icon name="back" />
      </a>
      <Avatar
        id={other?.id ?? room.id}
        name={title}
        picture={pictureOf(conversation, myId.value)}
        square={!other}
      />
      <div class="chat-head-words">
        <h1>
          <a href={other ? `/people/${other.id}` : `/c/${room.id}/about`}>{title}</a>
        </h1>
        <p class="chat-head-note">
          {conversation.kind === "group" && t("chat.members", { count: conversation.member_count })}
        </p>
      </div>
    </header>
  );
}
