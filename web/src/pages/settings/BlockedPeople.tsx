import { t } from "../../i18n/i18n";
import { fully } from "../../i18n/times";
import { known, readTies, ties, unblock } from "../../people/circle";
import { Awaited, Empty } from "../../ui/Awaited";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import { Panel } from "../../ui/Page";
import { PersonRow } from "../../ui/PersonRow";

export function BlockedPeople() {
  const doing = useDoing();
  const list = known.value ? ties.value.blocked : undefined;
  const asked = {
    value: list,
    trouble: known.value === null ? t("people.trouble") : "",
    again: () => void readTies(),
  };
  return (
    <Panel note={t("blocked.note")}>
      <Complaint of={doing} />
      <Awaited of={asked}>
        {(blocked) =>
          blocked.length ? (
            <ul class="people">
              {blocked.map((one) => (
                <PersonRow
                  key={one.id}
                  person={one}
                  href={`/people/${one.id}`}
                  note={t("blocked.since", { when: fully(one.since) })}
                >
                  <Button
                    kind="plain"
                    disabled={doing.busy}
                    onClick={() => void doing.act(() => unblock(one.id))}
                  >
                    {t("person.unblock")}
                  </Button>
                </PersonRow>
              ))}
            </ul>
          ) : (
            <Empty>{t("blocked.none")}</Empty>
          )
        }
      </Awaited>
    </Panel>
  );
}
