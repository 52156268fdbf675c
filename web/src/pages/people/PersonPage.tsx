import { useEffect } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { ties } from "../../people/circle";
import { meet, nameOf, portrait } from "../../people/people";
import { presenceWords, stateOf, useWatch } from "../../people/presence";
import { relation } from "../../people/ties";
import { myId } from "../../session/session";
import type { Places } from "../../shell/router";
import { Avatar } from "../../ui/Avatar";
import { Awaited } from "../../ui/Awaited";
import { useAsked } from "../../ui/asking";
import { Mark } from "../../ui/Mark";
import { Page } from "../../ui/Page";
import { ask } from "../../wire/http";
import type { PublicProfile } from "../../wire/shapes";
import { PersonActs } from "./PersonActs";

export default function PersonPage({ places }: { places: Places }) {
  const id = Number(places.id ?? 0);
  if (id) return <Somebody key={id} id={id} />;
  return (
    <div class="empty">
      <Mark size={72} />
      <p>{t("people.choose")}</p>
    </div>
  );
}

function Somebody({ id }: { id: number }) {
  const asked = useAsked(() => ask("get", "/api/users/{user_id}", { path: { user_id: id } }), [id]);
  useWatch([id]);
  useEffect(() => {
    if (asked.value) meet([asked.value]);
  }, [asked.value]);
  const title = asked.value ? nameOf(asked.value) : t("place.people");
  return (
    <Page title={title} back="/people">
      <Awaited of={asked} ghosts={1}>
        {(profile) => <Card profile={profile} />}
      </Awaited>
    </Page>
  );
}

function Card({ profile }: { profile: PublicProfile }) {
  const name = nameOf(profile);
  const now = relation(ties.value, profile.id, myId.value);
  return (
    <article class="person-card">
      <Avatar
        id={profile.id}
        name={name}
        picture={now === "blocked_by_me" ? undefined : portrait(profile)}
        size="xl"
        state={stateOf(profile.id)}
      />
      <div>
        <h2>{name}</h2>
        <p class="note">@{profile.username}</p>
        <p class="note">{profile.is_bot ? t("person.bot") : presenceWords(profile.id)}</p>
      </div>
      {now === "self" ? (
        <a class="button button-plain" href="/settings/profile">
          {t("person.self")}
        </a>
      ) : (
        <PersonActs profile={profile} now={now} />
      )}
    </article>
  );
}
