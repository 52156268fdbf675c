import { partner, titleOf } from "../../chat/names";
import type { Room } from "../../chat/rooms";
import { typistsIn } from "../../chat/typing";
import { t } from "../../i18n/i18n";
import { presenceWords, useWatch } from "../../people/presence";
import { myId } from "../../session/session";
import { Icon } from "../../ui/Icon";
import { RoomAvatar } from "../chats/RoomAvatar";
import { Typing } from "../chats/Typing";
import type { Talk } from "./talk";

export function ChatHead({ room, talk }: { room: Room; talk: Talk }) {
  const conversation = room.summary.value;
  const title = titleOf(conversation, myId.value);
  const other = partner(conversation, myId.value);
  useWatch(other ? [other.id] : []);
  return (
    <header class="chat-head">
      <a class="icon-button only-phone" href="/" aria-label={t("back")}>
        <Icon name="back" />
      </a>
      <RoomAvatar conversation={conversation} />
      <div class="chat-head-words">
        <h1 dir="auto">
          <a href={other ? `/people/${other.id}` : `/c/${room.id}/about`}>{title}</a>
        </h1>
        <p class="chat-head-note" aria-live="polite">
          <Note room={room} />
        </p>
      </div>
      {conversation.kind === "group" && conversation.role !== "member" && (
        <button
          type="button"
          class="icon-button"
          aria-label={t("round.begin")}
          title={t("round.begin")}
          onClick={() => {
            talk.over.value = { kind: "round" };
          }}
        >
          <Icon name="dice" />
        </button>
      )}
      <button
        type="button"
        class="icon-button"
        aria-label={t("search.here")}
        title={t("search.here")}
        aria-expanded={talk.searching.value}
        onClick={() => {
          talk.searching.value = !talk.searching.value;
        }}
      >
        <Icon name="search" />
      </button>
    </header>
  );
}

/** Who writes; else whether the other one is here, or how many the group has. */
function Note({ room }: { room: Room }) {
  const conversation = room.summary.value;
  const typists = typistsIn(room.id);
  if (typists.length) return <Typing names={conversation.kind === "group" ? typists : []} />;
  if (conversation.kind === "group") return <>{t("chat.members", { count: conversation.member_count })}</>;
  return <>{presenceWords(partner(conversation, myId.value)?.id ?? 0)}</>;
}
