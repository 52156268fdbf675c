import { useState } from "preact/hooks";
import { openGroup } from "../../chat/openings";
import { t } from "../../i18n/i18n";
import { ties } from "../../people/circle";
import { nameOf, type Person } from "../../people/people";
import { navigate } from "../../shell/router";
import { Switch } from "../../ui/choices";
import { Button, Field, Trouble, useForm } from "../../ui/form";
import { Icon } from "../../ui/Icon";
import { Page } from "../../ui/Page";
import { PeopleToChoose } from "./PeopleToChoose";

/** The server takes no more at once; others are added later. */
const AT_ONCE = 100;

export function NewGroup({ back }: { back: () => void }) {
  const [chosen, setChosen] = useState<ReadonlyMap<number, Person>>(new Map());
  const [joinable, setJoinable] = useState(false);
  const form = useForm(
    async ({ name = "", topic = "" }) => {
      const participants = [...chosen.keys()];
      navigate(
        `/c/${await openGroup({ name: name.trim(), topic: topic.trim() || null, joinable, participants })}`,
      );
    },
    { group_name_refused: "name" },
  );
  const toggle = (one: Person) => {
    const next = new Map(chosen);
    if (!next.delete(one.id) && next.size < AT_ONCE) next.set(one.id, one);
    setChosen(next);
  };
  return (
    <Page title={t("new.group")} back="/new" always>
      <form class="panel stack" onSubmit={form.submit}>
        <Trouble of={form} />
        <Field of={form} name="name" label={t("group.name")} maxLength={100} required autofocus />
        <Field of={form} name="topic" label={t("group.topic")} hint={t("group.topic.hint")} maxLength={500} />
        <Switch
          label={t("group.joinable")}
          hint={t("group.joinable.note")}
          on={joinable}
          onChange={setJoinable}
        />
        {chosen.size > 0 && (
          <ul class="chips" aria-label={t("new.chosen")}>
            {[...chosen.values()].map((one) => (
              <li key={one.id}>
                <button type="button" class="chip" onClick={() => toggle(one)}>
                  {nameOf(one)}
                  <Icon name="close" label={t("new.remove")} />
                </button>
              </li>
            ))}
          </ul>
        )}
        <div class="acts">
          <Button type="submit" busy={form.busy}>
            {t("new.make")}
          </Button>
          <Button kind="plain" onClick={back}>
            {t("cancel")}
          </Button>
        </div>
      </form>
      <h2 class="page-title">{t("new.who")}</h2>
      <PeopleToChoose
        known={ties.value.friends}
        chosen={new Set(chosen.keys())}
        choose={toggle}
        empty={null}
      />
    </Page>
  );
}
