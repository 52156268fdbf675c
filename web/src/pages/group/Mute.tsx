import { useEffect, useState } from "preact/hooks";
import type { Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { useDoing } from "../../ui/asking";
import { Switch } from "../../ui/choices";
import { Complaint } from "../../ui/Dialog";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import { everyPage } from "../../wire/pages";

/** Whether pushes come from this conversation. */
export function Mute({ room }: { room: Room }) {
  const [muted, setMuted] = useState<boolean>();
  const doing = useDoing();
  useEffect(() => {
    everyPage(async (query) => (await ask("get", "/api/notifications/mutes", { query })).mutes).then(
      (mutes) => setMuted(mutes.some((one) => one.conversation_id === room.id)),
      () => {},
    );
  }, [room.id]);
  const change = (on: boolean) =>
    doing.act(async () => {
      const path = { conversation_id: room.id };
      if (on) await ask("put", "/api/notifications/mutes/{conversation_id}", { path });
      else await ask("delete", "/api/notifications/mutes/{conversation_id}", { path });
      setMuted(on);
    });
  return (
    <Panel>
      <Complaint of={doing} />
      <Switch
        label={t("group.mute")}
        hint={t("group.mute.note")}
        on={muted ?? false}
        busy={doing.busy}
        disabled={muted === undefined}
        onChange={(on) => void change(on)}
      />
    </Panel>
  );
}
