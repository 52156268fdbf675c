import { useState } from "preact/hooks";
import type { Room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { navigate } from "../../shell/router";
import { Confirmation } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { May } from "./allowed";

export function Ends({ room, may }: { room: Room; may: May }) {
  const [asking, setAsking] = useState<"leave" | "end">();
  const path = { conversation_id: room.id };
  const act = async () => {
    if (asking === "end") await ask("delete", "/api/chat/groups/{conversation_id}", { path });
    else await ask("post", "/api/chat/groups/{conversation_id}/leave", { path });
    navigate("/", { replace: true });
  };
  return (
    <Panel>
      <div class="acts">
        <Button kind="plain" onClick={() => setAsking("leave")}>
          {t("group.leave")}
        </Button>
        {may.end && (
          <Button kind="danger" onClick={() => setAsking("end")}>
            {t("group.end")}
          </Button>
        )}
      </div>
      {asking && (
        <Confirmation
          title={t(`group.${asking}`)}
          text={t(asking === "leave" && may.end ? "group.leave.owner" : `group.${asking}.text`)}
          deed={t(`group.${asking}`)}
          act={act}
          onClose={() => setAsking(undefined)}
        />
      )}
    </Panel>
  );
}
