import { happening } from "../../chat/happenings";
import { excerpt, partner, senderOf, titleOf } from "../../chat/names";
import type { Room } from "../../chat/rooms";
import { typistsIn } from "../../chat/typing";
import { t } from "../../i18n/i18n";
import { fully, shortly } from "../../i18n/times";
import { myId } from "../../session/session";
import type { Conversation } from "../../wire/shapes";
import { RoomAvatar } from "./RoomAvatar";
import { Typing } from "./Typing";

export function RoomLink({ room, here }: { room: Room; here: boolean }) {
  const conversation = room.summary.value;
  const { unread } = conversation;
  const title = titleOf(conversation, myId.value);
  const newest = conversation.messages?.[0];
  const other = partner(conversation, myId.value);
  const typists = typistsIn(room.id);
  return (
    <li>
      <a
        class="room-link"
        href={`/c/${room.id}`}
        aria-current={here ? "page" : undefined}
        data-new={unread.messages > 0}
      >
        <RoomAvatar conversation={conversation} />
        <span class="room-title">{title}</span>
        {newest && (
          <time class="room-time" dateTime={newest.timestamp} title={fully(newest.timestamp)}>
            {shortly(newest.timestamp)}
          </time>
        )}
        <span class="room-excerpt">
          {typists.length ? <Typing names={other ? [] : typists} /> : <Newest conversation={conversation} />}
        </span>
        <span class="room-badges">
          {unread.mentions > 0 && (
            <span
              class="badge badge-mention"
              role="img"
              aria-label={t("chats.mentions", { count: unread.mentions })}
            >
              @
            </span>
          )}
          {unread.messages > 0 && (
            <span class="badge" role="img" aria-label={t("chats.unread", { count: unread.messages })}>
              {unread.messages >= 100 ? "99+" : unread.messages}
            </span>
          )}
        </span>
      </a>
    </li>
  );
}

function Newest({ conversation }: { conversation: Conversation }) {
  const newest = conversation.messages?.[0];
  if (!newest) return <>{t("chats.empty")}</>;
  if (newest.kind) return <>{happening(newest, myId.value)}</>;
  const own = newest.sender_id === myId.value;
  const named = own || conversation.kind === "group";
  return (
    <>
      {named && <span class="room-sender">{senderOf(newest, myId.value)}: </span>}
      {excerpt(newest)}
    </>
  );
}
