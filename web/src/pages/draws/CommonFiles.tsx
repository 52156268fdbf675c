import { t } from "../../i18n/i18n";
import { Icon } from "../../ui/Icon";

/** What every check needs, whichever draw it is of. */
export function CommonFiles() {
  return (
    <>
      <li>
        <a href="/api/lottery/log/file" download="log.json">
          <Icon name="download" /> {t("draws.file.log")}
        </a>
      </li>
      <li>
        <a href="/api/lottery/verifier" download="verifier.py">
          <Icon name="download" /> {t("draws.file.verifier")}
        </a>
      </li>
    </>
  );
}
