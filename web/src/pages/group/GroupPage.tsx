import { useEffect, useState } from "preact/hooks";
import { partner, titleOf } from "../../chat/names";
import { enter, type Room, room as roomOf } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { myId } from "../../session/session";
import { navigate, type Places } from "../../shell/router";
import { NotThere } from "../../ui/Awaited";
import { Page } from "../../ui/Page";
import { allowed } from "./allowed";
import { Bans } from "./Bans";
import { Ends } from "./Ends";
import { Face } from "./Face";
import { Invites } from "./Invites";
import { Members } from "./Members";
import { Mute } from "./Mute";
import { Rules } from "./Rules";

/** All about a group, and what one may do in it. */
export default function GroupPage({ places }: { places: Places }) {
  const id = Number(places.id);
  const [trouble, setTrouble] = useState("");
  const room = roomOf(id);
  const read = () => {
    setTrouble("");
    enter(id).catch((error) => setTrouble(explain(error)));
  };
  useEffect(read, [id]);
  // A chat of two is about the other one.
  const other = room && partner(room.summary.value, myId.value);
  useEffect(() => {
    if (other) navigate(`/people/${other.id}`, { replace: true });
  }, [other?.id]);
  if (room && !other) return <About key={id} room={room} />;
  return (
    <Page title={t("group.about")} back={`/c/${id}`} always>
      {trouble && <NotThere trouble={trouble} again={read} />}
    </Page>
  );
}

function About({ room }: { room: Room }) {
  const group = room.summary.value;
  const may = allowed(group);
  return (
    <Page title={titleOf(group, myId.value)} back={`/c/${room.id}`} always>
      <Face room={room} may={may} />
      <Mute room={room} />
      {(may.change || may.retain) && <Rules room={room} may={may} />}
      {may.invite && <Invites room={room} may={may} />}
      <Members room={room} may={may} />
      {may.ban && <Bans room={room} />}
      <Ends room={room} may={may} />
    </Page>
  );
}
