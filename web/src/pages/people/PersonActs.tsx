import { useState } from "preact/hooks";
import { openDirect } from "../../chat/openings";
import { t } from "../../i18n/i18n";
import { accept, befriend, block, dropRequest, part, unblock } from "../../people/circle";
import { nameOf } from "../../people/people";
import type { Relation } from "../../people/ties";
import { navigate } from "../../shell/router";
import { useDoing } from "../../ui/asking";
import { Complaint, Confirmation } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { later } from "../../ui/later";
import type { PublicProfile } from "../../wire/shapes";

const Report = later(() => import("../report/Report"));

interface Looks {
  profile: PublicProfile;
  now: Relation;
}

export function PersonActs({ profile, now }: Looks) {
  const [asking, setAsking] = useState<"block" | "part" | "report">();
  const doing = useDoing();
  const close = () => setAsking(undefined);
  const write = async () => navigate(`/c/${await openDirect(profile.id)}`);
  const name = nameOf(profile);
  return (
    <>
      <Complaint of={doing} />
      <div class="acts">
        {now !== "blocked_by_me" && (
          <Button busy={doing.busy} onClick={() => void doing.act(write)}>
            <Icon name="chats" />
            {t("person.write")}
          </Button>
        )}
        {!profile.is_bot && <Friendship profile={profile} now={now} act={(deed) => void doing.act(deed)} />}
      </div>
      <div class="acts acts-quiet">
        {now === "friend" && (
          <Button kind="quiet" onClick={() => setAsking("part")}>
            {t("person.part")}
          </Button>
        )}
        {now === "blocked_by_me" ? (
          <Button kind="plain" busy={doing.busy} onClick={() => void doing.act(() => unblock(profile.id))}>
            {t("person.unblock")}
          </Button>
        ) : (
          <Button kind="quiet" onClick={() => setAsking("block")}>
            {t("person.block")}
          </Button>
        )}
        <Button kind="quiet" onClick={() => setAsking("report")}>
          {t("person.report")}
        </Button>
      </div>
      {asking === "block" && (
        <Confirmation
          title={t("person.block.title", { name })}
          text={t("person.block.text")}
          deed={t("person.block")}
          act={() => block(profile.id)}
          onClose={close}
        />
      )}
      {asking === "part" && (
        <Confirmation
          title={t("person.part.title", { name })}
          text={t("person.part.text")}
          deed={t("person.part")}
          act={() => part(profile.id)}
          onClose={close}
        />
      )}
      {asking === "report" && (
        <Report
          about={{ kind: "user", user_id: profile.id }}
          title={t("report.person", { name })}
          thanks={t("report.person.sent")}
          onClose={close}
        >
          <p>{t("report.person.text")}</p>
        </Report>
      )}
    </>
  );
}

function Friendship({ profile, now, act }: Looks & { act: (deed: () => Promise<unknown>) => void }) {
  if (now === "none") {
    return (
      <Button kind="plain" onClick={() => act(() => befriend(profile.username))}>
        <Icon name="user_plus" />
        {t("person.befriend")}
      </Button>
    );
  }
  if (now === "requested_by_me") {
    return (
      <Button kind="plain" onClick={() => act(() => dropRequest(profile.id))}>
        {t("person.takeBack")}
      </Button>
    );
  }
  if (now !== "requested_by_them") return null;
  return (
    <>
      <Button kind="plain" onClick={() => act(() => accept(profile.id))}>
        <Icon name="check" />
        {t("person.accept")}
      </Button>
      <Button kind="quiet" onClick={() => act(() => dropRequest(profile.id))}>
        {t("person.decline")}
      </Button>
    </>
  );
}
