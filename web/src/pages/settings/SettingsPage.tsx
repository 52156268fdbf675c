import { t } from "../../i18n/i18n";
import type { Places } from "../../shell/router";
import { Page } from "../../ui/Page";
import { LostHere } from "../LostPage";
import { SECTIONS } from "./sections";

export default function SettingsPage({ places }: { places: Places }) {
  const section = SECTIONS.find((one) => one.name === (places.page ?? "profile"));
  if (!section) return <LostHere back="/settings" />;
  const { page: Content } = section;
  return (
    <Page title={t(section.label)} back="/settings">
      <Content places={places} />
    </Page>
  );
}
