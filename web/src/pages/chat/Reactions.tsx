import { react } from "../../chat/acts";
import { t } from "../../i18n/i18n";
import { calledById } from "../../people/people";
import { myId } from "../../session/session";
import type { Message } from "../../wire/shapes";
import type { Talk } from "./talk";

/** As many as a title names. */
const NAMED = 12;

export function Reactions({ message, talk }: { message: Message; talk: Talk }) {
  const reactions = Object.entries(message.reactions ?? {});
  if (!reactions.length) return null;
  const me = myId.value;
  return (
    <div class="reactions">
      {reactions.map(([emoji, people]) => {
        const mine = people.includes(me);
        const names = people.slice(0, NAMED).map((id) => (id === me ? t("chat.you") : calledById(id)));
        const who = names.join(", ") + (people.length > NAMED ? "…" : "");
        return (
          <button
            key={emoji}
            type="button"
            class="reaction"
            aria-pressed={mine}
            title={who}
            aria-label={`${emoji} ${people.length}: ${who}`}
            onClick={() => void react(talk.room.id, message.id, emoji, !mine)}
          >
            <span>{emoji}</span>
            <span class="reaction-count">{people.length}</span>
          </button>
        );
      })}
    </div>
  );
}
