import { useState } from "preact/hooks";
import { joinGroup } from "../../chat/openings";
import { t } from "../../i18n/i18n";
import { navigate } from "../../shell/router";
import { Awaited, Empty } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Page } from "../../ui/Page";
import { SearchBox } from "../../ui/SearchBox";
import { ask } from "../../wire/http";
import type { Group } from "../../wire/shapes";
import { useSettled } from "../people/Found";
import { GroupCard } from "./GroupCard";

const SHOWN = 30;

export default function PublicGroupsPage() {
  const [sought, setSought] = useState("");
  const q = useSettled(sought.trim());
  const [count, setCount] = useState(SHOWN);
  const groups = useAsked(
    () => ask("get", "/api/chat/groups", { query: { ...(q && { q }), limit: Math.min(count, 100) } }),
    [q],
  );
  const more = () => {
    setCount(100);
    groups.again();
  };
  return (
    <Page title={t("groups.public")} back="/new" always>
      <SearchBox label={t("groups.find")} value={sought} onSeek={setSought} maxLength={100} />
      <Awaited of={groups}>
        {(list) =>
          list.length ? (
            <>
              <ul class="group-cards">
                {list.map((one) => (
                  <li key={one.id} class="panel">
                    <GroupCard group={one} picture>
                      <Enter group={one} />
                    </GroupCard>
                  </li>
                ))}
              </ul>
              {list.length === SHOWN && count === SHOWN && (
                <Button kind="plain" onClick={more}>
                  {t("groups.more")}
                </Button>
              )}
            </>
          ) : (
            <Empty>{t(q ? "groups.none.found" : "groups.none")}</Empty>
          )
        }
      </Awaited>
    </Page>
  );
}

function Enter({ group }: { group: Group }) {
  const doing = useDoing();
  if (group.joined) {
    return (
      <a class="button button-plain" href={`/c/${group.id}`}>
        {t("groups.open")}
      </a>
    );
  }
  return (
    <>
      <Complaint of={doing} />
      <Button
        busy={doing.busy}
        onClick={() => void doing.act(async () => navigate(`/c/${await joinGroup(group.id)}`))}
      >
        {t("groups.join")}
      </Button>
    </>
  );
}
