import { useId, useState } from "preact/hooks";
import type { Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import { Awaited } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { Invite } from "../../wire/shapes";
import { AddMembers } from "./AddMembers";
import type { May } from "./allowed";
import { FreshLink } from "./FreshLink";

const DAY = 86_400;
const LIVES = [DAY, 7 * DAY, 30 * DAY, 0] as const;

/** Links by which somebody comes in. Each is shown once: the server keeps only its digest. */
export function Invites({ room, may }: { room: Room; may: May }) {
  const id = useId();
  const path = { conversation_id: room.id };
  const invites = useAsked(
    () => ask("get", "/api/chat/groups/{conversation_id}/invites", { path, query: { limit: 100 } }),
    [room.id],
  );
  const [adding, setAdding] = useState(false);
  const [fresh, setFresh] = useState("");
  const [life, setLife] = useState<number>(7 * DAY);
  const doing = useDoing();
  const make = () =>
    doing.act(async () => {
      const body = life ? { expires_in_seconds: life } : {};
      const made = await ask("post", "/api/chat/groups/{conversation_id}/invites", { path, body });
      setFresh(made.url);
      invites.again();
    });
  const revoke = (invite_id: number) =>
    doing.act(async () => {
      await ask("delete", "/api/chat/groups/{conversation_id}/invites/{invite_id}", {
        path: { ...path, invite_id },
      });
      invites.set((invites.value ?? []).filter((one) => one.id !== invite_id));
    });
  return (
    <Panel title={t("group.invite")}>
      <Complaint of={doing} />
      <div class="acts">
        <Button kind="plain" onClick={() => setAdding(true)}>
          {t("group.add")}
        </Button>
      </div>
      {adding && <AddMembers room={room} onClose={() => setAdding(false)} />}
      <div class="line">
        <p class="field">
          <label for={id}>{t("group.link.life")}</label>
          <select id={id} value={life} onChange={(event) => setLife(Number(event.currentTarget.value))}>
            {LIVES.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds ? t("group.link.days", { count: seconds / DAY }) : t("group.link.ever")}
              </option>
            ))}
          </select>
        </p>
        <Button kind="plain" busy={doing.busy} onClick={() => void make()}>
          {t("group.link.make")}
        </Button>
      </div>
      {fresh && <FreshLink url={fresh} />}
      <Awaited of={invites} ghosts={1}>
        {(list) => (
          <ul class="people">
            {list.map((one) => (
              <Line key={one.id} invite={one} named={may.change} revoke={() => void revoke(one.id)} />
            ))}
          </ul>
        )}
      </Awaited>
    </Panel>
  );
}

function Line({ invite, revoke }: { invite: Invite; named: boolean; revoke: () => void }) {
  return (
    <li class="person">
      <span class="person-main">
        <span class="person-words">
          <span class="person-name">{t("group.link.made", { when: fully(invite.created_at) })}</span>
          <span class="person-note">
            {t("group.link.uses", { count: invite.uses })}
            {" · "}
            {invite.expires_at
              ? t("group.link.until", { when: fully(invite.expires_at) })
              : t("group.link.ever")}
          </span>
        </span>
      </span>
      <span class="person-acts">
        <Button kind="quiet" onClick={revoke}>
          {t("group.link.revoke")}
        </Button>
      </span>
    </li>
  );
}
