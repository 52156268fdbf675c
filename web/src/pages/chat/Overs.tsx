import { react } from "../../chat/acts";
import { excerpt } from "../../chat/names";
import { t } from "../../i18n/i18n";
import { myId } from "../../session/session";
import { later } from "../../ui/later";
import type { Talk } from "./talk";

const Deletion = later(() => import("./Deletion"));
const EmojiPicker = later(() => import("./EmojiPicker"));
const Lightbox = later(() => import("./Lightbox"));
const MessageMenu = later(() => import("./MessageMenu"));
const Report = later(() => import("../report/Report"));
const RoundBeginning = later(() => import("./RoundBeginning"));
const RoundPlaces = later(() => import("./RoundPlaces"));
const SearchPanel = later(() => import("./SearchPanel"));

/** What lies over a conversation. */
export function Overs({ talk }: { talk: Talk }) {
  const over = talk.over.value;
  const close = () => {
    talk.over.value = null;
  };
  return (
    <>
      {talk.searching.value && <SearchPanel talk={talk} />}
      {over?.kind === "menu" && (
        <MessageMenu key={over.shown.key} talk={talk} shown={over.shown} at={over.at} />
      )}
      {over?.kind === "emoji" && (
        <EmojiPicker
          at={over.at}
          onClose={close}
          onPick={(emoji) => {
            const mine = over.shown.message.reactions?.[emoji]?.includes(myId.value);
            if (!mine) void react(talk.room.id, over.shown.message.id, emoji, true);
          }}
        />
      )}
      {over?.kind === "picture" && (
        <Lightbox talk={talk} message={over.message} file={over.file} onClose={close} />
      )}
      {over?.kind === "round" && <RoundBeginning talk={talk} onClose={close} />}
      {over?.kind === "places" && <RoundPlaces round={over.round} onClose={close} />}
      {over?.kind === "report" && (
        <Report
          about={{ kind: "message", conversation_id: talk.room.id, message_id: over.message.id }}
          title={t("report.title")}
          thanks={t("report.sent.text")}
          onClose={close}
        >
          <blockquote class="report-quote" dir="auto">
            {excerpt(over.message)}
          </blockquote>
        </Report>
      )}
      {over?.kind === "deletion" && <Deletion talk={talk} message={over.message} onClose={close} />}
    </>
  );
}
