import { t } from "../../i18n/i18n";
import { Awaited } from "../../ui/Awaited";
import { Choice, Switch } from "../../ui/choices";
import { Complaint } from "../../ui/Dialog";
import { Panel } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { NoticeSettings } from "../../wire/shapes";
import { Muted } from "./Muted";
import { PushHere } from "./PushHere";
import { QuietHours } from "./QuietHours";
import { useSetting } from "./useSetting";

export function NoticeSetting() {
  const setting = useSetting<NoticeSettings>(
    () => ask("get", "/api/notifications/settings"),
    (body) => ask("patch", "/api/notifications/settings", { body }),
  );
  return (
    <>
      <PushHere />
      <Awaited of={setting}>
        {(chosen) => (
          <>
            <Panel title={t("notices.all")}>
              <Complaint of={setting.doing} />
              <Switch
                label={t("notices.push")}
                hint={t("notices.push.note")}
                on={chosen.push}
                onChange={(push) => void setting.change({ push })}
              />
              <Choice
                label={t("notices.messages")}
                of={(["all", "mentions", "none"] as const).map(
                  (one) => [one, t(`notices.messages.${one}`)] as const,
                )}
                chosen={chosen.push_messages}
                disabled={!chosen.push}
                onChange={(push_messages) => void setting.change({ push_messages })}
              />
              <QuietHours setting={chosen} change={(part) => void setting.change(part)} />
            </Panel>
            <Panel title={t("notices.digest")} note={t("notices.digest.note")}>
              <Choice
                label={t("notices.digest.often")}
                of={(["off", "daily", "weekly"] as const).map(
                  (one) => [one, t(`notices.digest.${one}`)] as const,
                )}
                chosen={chosen.digest}
                onChange={(digest) => void setting.change({ digest, zone: ownZone() })}
              />
            </Panel>
          </>
        )}
      </Awaited>
      <Muted />
    </>
  );
}

/** Where this device is, as IANA names it: the hours are those of its clock. */
export function ownZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}
