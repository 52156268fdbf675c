import { partner, pictureOf, titleOf } from "../../chat/names";
import { stateOf } from "../../people/presence";
import { myId } from "../../session/session";
import { Avatar } from "../../ui/Avatar";
import type { Conversation } from "../../wire/shapes";

/** The face of the other one, or the picture of a group. */
export function RoomAvatar({ conversation }: { conversation: Conversation }) {
  const other = partner(conversation, myId.value);
  return (
    <Avatar
      id={other?.id ?? conversation.id}
      name={titleOf(conversation, myId.value)}
      picture={pictureOf(conversation, myId.value)}
      square={!other}
      state={other && stateOf(other.id)}
    />
  );
}
