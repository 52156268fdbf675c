import { useEffect, useRef, useState } from "preact/hooks";
import { partner, titleOf } from "../../chat/names";
import { listed, readConversations, roomList } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { useWatch } from "../../people/presence";
import { myId } from "../../session/session";
import { match, path, secret } from "../../shell/router";
import { useTitle } from "../../shell/title";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import { SearchBox } from "../../ui/SearchBox";
import { RoomLink } from "./RoomLink";

/** Whose presence the list shows: as many as one scrolls through. */
const WATCHED = 100;
const Hits = later(async () => ({ default: (await import("../chat/FoundEverywhere")).FoundEverywhere }));

export default function ChatsPane() {
  const [sought, setSought] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (secret.peek() === field.current?.id) field.current?.focus();
  }, []);
  const here = Number(match("/c/:id/:message?", path.value)?.id ?? 0);
  useTitle(here ? "" : t("place.chats"));
  const wanted = sought.trim().toLocaleLowerCase();
  const shown = roomList.value.filter((room) =>
    titleOf(room.summary.value, myId.value).toLocaleLowerCase().includes(wanted),
  );
  useWatch(
    roomList.value
      .slice(0, WATCHED)
      .map((room) => partner(room.summary.value, myId.value)?.id ?? 0)
      .filter(Boolean),
  );
  return (
    <>
      <header class="pane-head">
        <h1>{t("place.chats")}</h1>
        <a class="icon-button" href="/new" aria-label={t("chats.new")} title={t("chats.new")}>
          <Icon name="edit" />
        </a>
      </header>
      <SearchBox field={field} id="find-chat" label={t("chats.find")} value={sought} onSeek={setSought} />
      <nav class="pane-scroll" aria-label={t("place.chats")}>
        <ul class="room-list">
          {shown.map((room) => (
            <RoomLink key={room.id} room={room} here={room.id === here} />
          ))}
        </ul>
        {!shown.length && (!wanted || listed.value !== true) && <Nobody sought={wanted !== ""} />}
        {wanted && <Hits sought={sought} />}
      </nav>
    </>
  );
}

function Nobody({ sought }: { sought: boolean }) {
  if (sought) return <p class="pane-note">{t("chats.none.found")}</p>;
  if (listed.value === false) return <Waiting />;
  if (listed.value === null) {
    return (
      <div class="pane-note" role="alert">
        <p>{t("chats.trouble")}</p>
        <button type="button" class="button button-quiet" onClick={() => void readConversations()}>
          {t("again")}
        </button>
      </div>
    );
  }
  return (
    <div class="pane-note">
      <p>{t("chats.none")}</p>
      <a class="button" href="/new">
        {t("chats.new")}
      </a>
    </div>
  );
}

/** The shape of what is coming. */
function Waiting() {
  return (
    <ul class="room-list" aria-busy="true" aria-label={t("loading")}>
      {[0, 1, 2, 3, 4, 5].map((one) => (
        <li key={one} class="room-link ghost">
          <span class="avatar avatar-m" />
          <span class="ghost-lines" />
        </li>
      ))}
    </ul>
  );
}
