import { useState } from "preact/hooks";
import { openDirect } from "../../chat/openings";
import { t } from "../../i18n/i18n";
import { ties } from "../../people/circle";
import { stateOf, useWatch } from "../../people/presence";
import { navigate } from "../../shell/router";
import { Empty } from "../../ui/Awaited";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Page } from "../../ui/Page";
import { inOrder } from "../people/Friends";
import { NewGroup } from "./NewGroup";
import { PeopleToChoose } from "./PeopleToChoose";

/** Talk to somebody, found by how their name begins; or make a group. */
export default function NewPage() {
  const [grouping, setGrouping] = useState(false);
  const doing = useDoing();
  const { friends } = ties.value;
  useWatch(friends.map((one) => one.id));
  if (grouping) return <NewGroup back={() => setGrouping(false)} />;
  const talkTo = (id: number) => void doing.act(async () => navigate(`/c/${await openDirect(id)}`));
  return (
    <Page title={t("chats.new")} back="/">
      <ul class="menu">
        <li>
          <button type="button" class="menu-link" onClick={() => setGrouping(true)}>
            <Icon name="group" />
            <span class="menu-words">
              <span class="menu-name">{t("new.group")}</span>
              <span class="menu-note">{t("new.group.note")}</span>
            </span>
          </button>
        </li>
        <li>
          <a class="menu-link" href="/groups">
            <Icon name="search" />
            <span class="menu-words">
              <span class="menu-name">{t("groups.public")}</span>
              <span class="menu-note">{t("groups.public.note")}</span>
            </span>
          </a>
        </li>
      </ul>
      <Complaint of={doing} />
      <PeopleToChoose
        known={inOrder(friends, (id) => stateOf(id) !== undefined)}
        choose={(one) => talkTo(one.id)}
        empty={<Empty>{t("new.nobody")}</Empty>}
      />
    </Page>
  );
}
