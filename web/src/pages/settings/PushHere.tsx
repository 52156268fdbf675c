import { useEffect } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { checkPush, push, switchPushOff, switchPushOn } from "../../notices/push";
import { useDoing } from "../../ui/asking";
import { Switch } from "../../ui/choices";
import { Complaint } from "../../ui/Dialog";
import { Panel } from "../../ui/Page";

export function PushHere() {
  const doing = useDoing();
  useEffect(() => {
    void checkPush().catch(() => {
      push.value = "off";
    });
  }, []);
  const state = push.value;
  return (
    <Panel title={t("push.here")}>
      <Complaint of={doing} />
      <Switch
        label={t("push.switch")}
        hint={state === "impossible" || state === "refused" ? t(`push.${state}`) : t("push.note")}
        on={state === "on"}
        busy={doing.busy}
        disabled={state !== "on" && state !== "off"}
        onChange={(on) => void doing.act(on ? switchPushOn : switchPushOff)}
      />
    </Panel>
  );
}
