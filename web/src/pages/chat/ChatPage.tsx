import { useEffect, useState } from "preact/hooks";
import { titleOf } from "../../chat/names";
import { readReceipts } from "../../chat/receipts";
import { enter, type Room, room as roomOf } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { onReady } from "../../live/live";
import { myId } from "../../session/session";
import type { Places } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { ChatHead } from "./ChatHead";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import { Overs } from "./Overs";
import { Spoken } from "./Spoken";
import { Talk } from "./talk";
import { useDrop } from "./useDrop";
import "../../styles/chat.css";
import "../../styles/messages.css";

export default function ChatPage({ places }: { places: Places }) {
  const id = Number(places.id);
  const [trouble, setTrouble] = useState("");
  const room = roomOf(id);
  useEffect(() => {
    setTrouble("");
    enter(id).catch((error) => setTrouble(explain(error)));
  }, [id]);
  if (room) return <Open key={id} room={room} target={Number(places.message ?? 0)} />;
  return (
    <div class="empty">{trouble ? <p role="alert">{trouble}</p> : <p role="status">{t("loading")}</p>}</div>
  );
}

/** Whose receipts a reconnect may have missed. */
let open: Room | undefined;
onReady((again) => {
  if (again && open) void readReceipts(open.id).catch(() => {});
});

function Open({ room, target }: { room: Room; target: number }) {
  const [talk] = useState(() => new Talk(room));
  const drop = useDrop((files) => void talk.attach(files));
  useTitle(titleOf(room.summary.value, myId.value));
  useEffect(() => {
    void (target ? talk.goTo(target) : talk.begin());
  }, [talk, target]);
  useEffect(() => {
    open = room;
    void readReceipts(room.id).catch(() => {});
    const away = () => talk.lookAway();
    addEventListener("blur", away);
    return () => {
      open = undefined;
      removeEventListener("blur", away);
      room.history.rest();
    };
  }, [room, talk]);
  return (
    <section class="chat" aria-label={titleOf(room.summary.value, myId.value)} {...drop.hands}>
      <ChatHead room={room} talk={talk} />
      <MessageList talk={talk} />
      <Spoken talk={talk} />
      <Composer talk={talk} />
      {drop.over && <div class="drop">{t("file.drop")}</div>}
      <Overs talk={talk} />
    </section>
  );
}
