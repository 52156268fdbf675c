import { useEffect, useState } from "preact/hooks";
import { titleOf } from "../../chat/names";
import { enter, type Room, room as roomOf } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { myId } from "../../session/session";
import type { Places } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { ChatHead } from "./ChatHead";
import { Composer } from "./Composer";
import { MessageList } from "./MessageList";
import { Talk } from "./talk";
import "../../styles/chat.css";

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

function Open({ room, target }: { room: Room; target: number }) {
  const [talk] = useState(() => new Talk(room));
  useTitle(titleOf(room.summary.value, myId.value));
  useEffect(() => {
    void talk.goTo(target);
  }, [talk, target]);
  useEffect(() => () => room.history.rest(), [room]);
  return (
    <section class="chat" aria-label={titleOf(room.summary.value, myId.value)}>
      <ChatHead room={room} />
      <MessageList talk={talk} />
      <Composer talk={talk} />
    </section>
  );
}
