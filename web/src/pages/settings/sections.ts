/** The pages of the settings, in their order. */

import type { Key } from "../../i18n/i18n";
import type { Page } from "../../shell/routes";
import type { IconName } from "../../ui/Icon";
import { BlockedPeople } from "./BlockedPeople";
import { Devices } from "./Devices";
import { Looks } from "./Looks";
import { MyData } from "./MyData";
import { NoticeSetting } from "./NoticeSetting";
import { PrivacySetting } from "./PrivacySetting";
import { ProfileSetting } from "./ProfileSetting";

export interface Section {
  readonly name: string;
  readonly icon: IconName;
  readonly label: Key;
  readonly note: Key;
  readonly page: Page;
}

export const SECTIONS: readonly Section[] = [
  {
    name: "profile",
    icon: "person",
    label: "settings.profile",
    note: "settings.profile.note",
    page: ProfileSetting,
  },
  { name: "looks", icon: "palette", label: "settings.looks", note: "settings.looks.note", page: Looks },
  {
    name: "notices",
    icon: "bell",
    label: "settings.notices",
    note: "settings.notices.note",
    page: NoticeSetting,
  },
  {
    name: "privacy",
    icon: "shield",
    label: "settings.privacy",
    note: "settings.privacy.note",
    page: PrivacySetting,
  },
  {
    name: "devices",
    icon: "devices",
    label: "settings.devices",
    note: "settings.devices.note",
    page: Devices,
  },
  {
    name: "blocked",
    icon: "block",
    label: "settings.blocked",
    note: "settings.blocked.note",
    page: BlockedPeople,
  },
  { name: "data", icon: "download", label: "settings.data", note: "settings.data.note", page: MyData },
];
