import { useId } from "preact/hooks";
import { admit, type Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { useDoing } from "../../ui/asking";
import { Switch } from "../../ui/choices";
import { Complaint } from "../../ui/Dialog";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { May } from "./allowed";

/** Days after which messages are forgotten; 0 for never. */
const DAYS = [0, 1, 7, 30, 90, 365] as const;

interface Change {
  joinable?: boolean;
  members_may_invite?: boolean;
  retention_days?: number | null;
}

/** Who may come in, who may bring others, and how long what is said is kept. */
export function Rules({ room, may }: { room: Room; may: May }) {
  const id = useId();
  const group = room.summary.value;
  const doing = useDoing();
  const change = (body: Change) =>
    void doing.act(async () => {
      const path = { conversation_id: room.id };
      admit(await ask("patch", "/api/chat/groups/{conversation_id}", { path, body }));
    });
  const days = group.retention_days ?? 0;
  const offered = [...new Set<number>([...DAYS, days])].sort((one, other) => one - other);
  return (
    <Panel title={t("group.rules")}>
      <Complaint of={doing} />
      <Switch
        label={t("group.joinable")}
        hint={t(group.name ? "group.joinable.note" : "group.joinable.unnamed")}
        on={group.joinable}
        busy={doing.busy}
        disabled={!group.name}
        onChange={(joinable) => change({ joinable })}
      />
      <Switch
        label={t("group.invitable")}
        on={group.members_may_invite}
        busy={doing.busy}
        onChange={(members_may_invite) => change({ members_may_invite })}
      />
      {may.retain && (
        <p class="field">
          <label for={id}>{t("group.retention")}</label>
          <select
            id={id}
            value={days}
            disabled={doing.busy}
            onChange={(event) => change({ retention_days: Number(event.currentTarget.value) || null })}
          >
            {offered.map((count) => (
              <option key={count} value={count}>
                {count ? t("group.retention.days", { count }) : t("group.retention.ever")}
              </option>
            ))}
          </select>
          <span class="note">{t("group.retention.note")}</span>
        </p>
      )}
    </Panel>
  );
}
