import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { fully, relatively } from "../../i18n/times";
import { depart } from "../../session/session";
import { Awaited } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { Confirmation } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { LoginSession } from "../../wire/shapes";
import { deviceOf } from "./agents";
import { NewPassword } from "./NewPassword";

type Ending = LoginSession | "all";

export function Devices() {
  const sessions = useAsked(() => ask("get", "/api/users/sessions"));
  const [ending, setEnding] = useState<Ending>();
  const end = async () => {
    if (ending === "all") {
      await ask("delete", "/api/users/sessions");
      await depart(true);
    } else if (ending) {
      await ask("delete", "/api/users/sessions/{session_id}", { path: { session_id: ending.id } });
      sessions.again();
    }
  };
  return (
    <>
      <Panel title={t("devices.sessions")} note={t("devices.sessions.note")}>
        <Awaited of={sessions} ghosts={2}>
          {(list) => (
            <>
              <ul class="people">
                {list.map((one) => (
                  <Line key={one.id} session={one} end={() => setEnding(one)} />
                ))}
              </ul>
              <Button kind="plain" onClick={() => setEnding("all")}>
                {t("devices.everywhere")}
              </Button>
            </>
          )}
        </Awaited>
      </Panel>
      <NewPassword />
      {ending && (
        <Confirmation
          title={t(ending === "all" ? "devices.everywhere" : "devices.end")}
          text={t(ending === "all" ? "devices.everywhere.text" : "devices.end.text")}
          deed={t("devices.end.deed")}
          act={end}
          onClose={() => setEnding(undefined)}
        />
      )}
    </>
  );
}

function Line({ session, end }: { session: LoginSession; end: () => void }) {
  const { browser, system } = deviceOf(session.user_agent);
  const name = [browser, system].filter(Boolean).join(" · ") || t("devices.unknown");
  return (
    <li class="person">
      <span class="person-main">
        <span class="device-icon">
          <Icon name="devices" />
        </span>
        <span class="person-words">
          <span class="person-name">{name}</span>
          <span class="person-note" title={fully(session.last_used_at)}>
            {session.current ? (
              <strong>{t("devices.this")}</strong>
            ) : (
              t("devices.used", { when: relatively(session.last_used_at) })
            )}
            {session.address && ` · ${session.address}`}
          </span>
        </span>
      </span>
      {!session.current && (
        <span class="person-acts">
          <Button kind="plain" onClick={end}>
            {t("devices.end.deed")}
          </Button>
        </span>
      )}
    </li>
  );
}
