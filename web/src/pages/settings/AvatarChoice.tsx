import { t } from "../../i18n/i18n";
import { nameOf, portrait } from "../../people/people";
import { arrive } from "../../session/session";
import { PictureChoice } from "../../ui/PictureChoice";
import { ask } from "../../wire/http";
import type { Profile } from "../../wire/shapes";

export function AvatarChoice({ profile }: { profile: Profile }) {
  return (
    <PictureChoice
      id={profile.id}
      name={nameOf(profile)}
      picture={portrait(profile)}
      hint={t("profile.picture.note")}
      choose={async (file_id) => {
        await ask("put", "/api/users/avatar", { body: { file_id } });
        await arrive();
      }}
      drop={async () => {
        await ask("delete", "/api/users/avatar");
        await arrive();
      }}
    />
  );
}
