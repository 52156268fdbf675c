import { useState } from "preact/hooks";
import { happening } from "../../chat/happenings";
import { excerpt, senderOf } from "../../chat/names";
import { myId } from "../../session/session";
import type { Talk } from "./talk";

/** As many as are still worth reading out when they come all at once. */
const KEPT = 5;

/** What comes while one is here, for those who listen: the list itself also grows by what was said long ago. */
export function Spoken({ talk }: { talk: Talk }) {
  const [since] = useState(() => talk.room.summary.peek().last_message_id);
  const me = myId.value;
  const fresh = talk.rows.value
    .map(({ shown }) => shown.message)
    .filter(({ id, sender_id, deleted }) => id > since && sender_id !== me && !deleted)
    .slice(-KEPT);
  return (
    <div class="hidden" role="log">
      {fresh.map((one) => (
        <p key={one.id}>{one.kind ? happening(one, me) : `${senderOf(one, me)}: ${excerpt(one)}`}</p>
      ))}
    </div>
  );
}
