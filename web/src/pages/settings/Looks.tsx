import { chooseLanguage, LANGUAGES, type Language, language, t } from "../../i18n/i18n";
import { chooseTheme, theme } from "../../shell/theme";
import { Choice } from "../../ui/choices";
import { Panel } from "../../ui/Page";

export function Looks() {
  return (
    <Panel>
      <Choice
        label={t("looks.theme")}
        of={[
          ["system", t("looks.theme.system")],
          ["light", t("looks.theme.light")],
          ["dark", t("looks.theme.dark")],
        ]}
        chosen={theme.value}
        onChange={chooseTheme}
      />
      <Choice
        label={t("looks.language")}
        hint={t("looks.language.note")}
        of={Object.entries(LANGUAGES) as [Language, string][]}
        chosen={language.value}
        onChange={(chosen) => void chooseLanguage(chosen)}
      />
    </Panel>
  );
}
