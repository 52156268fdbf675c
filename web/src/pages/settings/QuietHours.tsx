import { useId } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { Switch } from "../../ui/choices";
import type { NoticeSettings } from "../../wire/shapes";
import { ownZone } from "./NoticeSetting";

const NIGHT = { from: "22:00", to: "07:00" };

interface Looks {
  setting: NoticeSettings;
  change: (part: Partial<NoticeSettings>) => void;
}

/** Hours without pushes, by the clock of where this device is. */
export function QuietHours({ setting, change }: Looks) {
  const id = useId();
  const hours = setting.do_not_disturb;
  const move = (part: Partial<typeof NIGHT>) => {
    const next = { ...NIGHT, ...hours, ...part };
    // A field that is being emptied has no time yet.
    if (next.from && next.to) change({ do_not_disturb: next, zone: ownZone() });
  };
  return (
    <div class="quiet-hours">
      <Switch
        label={t("notices.quiet")}
        {...(hours && { hint: t("notices.quiet.zone", { zone: setting.zone }) })}
        on={!!hours}
        disabled={!setting.push}
        onChange={(on) => (on ? move({}) : change({ do_not_disturb: null }))}
      />
      {hours && (
        <div class="pair">
          <p class="field">
            <label for={`${id}-from`}>{t("notices.quiet.from")}</label>
            <input
              id={`${id}-from`}
              type="time"
              value={hours.from}
              onChange={(event) => move({ from: event.currentTarget.value })}
            />
          </p>
          <p class="field">
            <label for={`${id}-to`}>{t("notices.quiet.to")}</label>
            <input
              id={`${id}-to`}
              type="time"
              value={hours.to}
              onChange={(event) => move({ to: event.currentTarget.value })}
            />
          </p>
        </div>
      )}
    </div>
  );
}
