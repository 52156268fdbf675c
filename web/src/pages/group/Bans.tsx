import { useEffect } from "preact/hooks";
import type { Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import { person } from "../../people/people";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { PersonRow } from "../../ui/PersonRow";
import { ask } from "../../wire/http";
import { everyPage } from "../../wire/pages";

/** Who may not come back. Nothing is shown where nobody is banned. */
export function Bans({ room }: { room: Room }) {
  const path = { conversation_id: room.id };
  const bans = useAsked(
    () => everyPage((query) => ask("get", "/api/chat/groups/{conversation_id}/bans", { path, query })),
    [room.id],
  );
  const told = room.summary.value.messages?.[0];
  useEffect(() => {
    if (told?.kind === "banned") bans.again();
  }, [told?.id]);
  const doing = useDoing();
  const lift = (user_id: number) =>
    doing.act(async () => {
      await ask("delete", "/api/chat/groups/{conversation_id}/bans/{user_id}", {
        path: { ...path, user_id },
      });
      bans.set((bans.value ?? []).filter((one) => one.id !== user_id));
    });
  if (!bans.value?.length) return null;
  return (
    <Panel title={t("group.bans")}>
      <Complaint of={doing} />
      <ul class="people">
        {bans.value.map((one) => (
          <PersonRow
            key={one.id}
            person={person(one.id) ?? { ...one, first_name: "", last_name: "" }}
            note={fully(one.banned_at)}
          >
            <Button kind="plain" small disabled={doing.busy} onClick={() => void lift(one.id)}>
              {t("group.unban")}
            </Button>
          </PersonRow>
        ))}
      </ul>
    </Panel>
  );
}
