import { useEffect, useState } from "preact/hooks";
import type { Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import { meet } from "../../people/people";
import { useWatch } from "../../people/presence";
import { myId } from "../../session/session";
import { Awaited, Empty } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Panel } from "../../ui/Page";
import { PersonRow } from "../../ui/PersonRow";
import { SearchBox } from "../../ui/SearchBox";
import { ask } from "../../wire/http";
import type { Member } from "../../wire/shapes";
import { useSettled } from "../people/Found";
import { type May, outranks } from "./allowed";
import { MemberActs } from "./MemberActs";

const PAGE = 50;

async function readMembers(conversation_id: number, q: string, after = 0): Promise<Member[]> {
  const query = { limit: PAGE, after, ...(q && { q }) };
  const page = await ask("get", "/api/chat/groups/{conversation_id}/members", {
    path: { conversation_id },
    query,
  });
  meet(page);
  return page;
}

export function Members({ room, may }: { room: Room; may: May }) {
  const count = room.summary.value.member_count;
  const [sought, setSought] = useState("");
  const q = useSettled(sought.trim());
  // What the group tells of itself, as that somebody has joined, moves its numbers on.
  const members = useAsked(() => readMembers(room.id, q), [room.id, q]);
  const told = room.summary.value.messages?.[0];
  useEffect(() => {
    if (members.value && told?.kind) members.again();
  }, [told?.id]);
  const doing = useDoing();
  const [chosen, setChosen] = useState<Member>();
  const more = (list: readonly Member[]) =>
    doing.act(async () => members.set([...list, ...(await readMembers(room.id, q, list.at(-1)?.id))]));
  useWatch((members.value ?? []).slice(0, PAGE).map((one) => one.id));
  return (
    <Panel title={t("chat.members", { count })}>
      {count > 8 && <SearchBox label={t("group.find")} value={sought} onSeek={setSought} maxLength={100} />}
      <Complaint of={doing} />
      <Awaited of={members}>
        {(list) => (
          <>
            <ul class="people">
              {list.map((one) => (
                <Line key={one.id} member={one} may={may} choose={() => setChosen(one)} />
              ))}
            </ul>
            {!list.length && <Empty>{t("group.find.none")}</Empty>}
            {list.length > 0 && list.length % PAGE === 0 && (
              <Button kind="plain" busy={doing.busy} onClick={() => void more(list)}>
                {t("activity.more")}
              </Button>
            )}
          </>
        )}
      </Awaited>
      {chosen && (
        <MemberActs
          room={room}
          member={chosen}
          may={may}
          done={members.again}
          onClose={() => setChosen(undefined)}
        />
      )}
    </Panel>
  );
}

function Line({ member, may, choose }: { member: Member; may: May; choose: () => void }) {
  const acts = member.id !== myId.value && outranks(may.role, member.role);
  const note = member.muted_until
    ? t("group.silenced", { until: fully(member.muted_until) })
    : `@${member.username}`;
  return (
    <PersonRow person={member} href={`/people/${member.id}`} note={note}>
      {member.role !== "member" && <span class="chip">{t(`role.${member.role}`)}</span>}
      {acts && (
        <button
          type="button"
          class="icon-button"
          aria-label={t("group.acts", { who: member.username })}
          title={t("group.acts", { who: member.username })}
          onClick={choose}
        >
          <Icon name="more" />
        </button>
      )}
    </PersonRow>
  );
}
