import { t } from "../../i18n/i18n";
import { relatively } from "../../i18n/times";
import { accept, dropRequest, ties } from "../../people/circle";
import { Empty } from "../../ui/Awaited";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { PersonRow } from "../../ui/PersonRow";
import type { Friend } from "../../wire/shapes";

export function Requests() {
  const { received, sent } = ties.value;
  if (!received.length && !sent.length) {
    return (
      <Empty>
        <p>{t("people.requests.none")}</p>
      </Empty>
    );
  }
  return (
    <>
      {received.length > 0 && (
        <section>
          <h2 class="pane-title">{t("people.received")}</h2>
          <ul class="people">
            {received.map((one) => (
              <Request key={one.id} from={one} received />
            ))}
          </ul>
        </section>
      )}
      {sent.length > 0 && (
        <section>
          <h2 class="pane-title">{t("people.sent")}</h2>
          <ul class="people">
            {sent.map((one) => (
              <Request key={one.id} from={one} received={false} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

function Request({ from, received }: { from: Friend; received: boolean }) {
  const doing = useDoing();
  return (
    <>
      <PersonRow person={from} href={`/people/${from.id}`} note={relatively(from.since)}>
        {received && (
          <button
            type="button"
            class="icon-button icon-button-yes"
            disabled={doing.busy}
            aria-label={t("person.accept")}
            title={t("person.accept")}
            onClick={() => void doing.act(() => accept(from.id))}
          >
            <Icon name="check" />
          </button>
        )}
        <button
          type="button"
          class="icon-button"
          disabled={doing.busy}
          aria-label={t(received ? "person.decline" : "person.takeBack")}
          title={t(received ? "person.decline" : "person.takeBack")}
          onClick={() => void doing.act(() => dropRequest(from.id))}
        >
          <Icon name="close" />
        </button>
      </PersonRow>
      <Complaint of={doing} />
    </>
  );
}
