import { useState } from "preact/hooks";
import { readPlaces } from "../../chat/rounds";
import { t } from "../../i18n/i18n";
import { money } from "../../i18n/money";
import { calledBy } from "../../people/people";
import { myId } from "../../session/session";
import { Awaited } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint, Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import type { RoundPlace } from "../../wire/shapes";
import { said } from "./Card";

const PAGE = 50;

/** Who picked what in a round, and what it won them. */
export default function RoundPlaces({ round, onClose }: { round: number; onClose: () => void }) {
  const asked = useAsked(() => readPlaces(round, 0, PAGE), [round]);
  const doing = useDoing();
  const [end, setEnd] = useState(false);
  const more = (known: RoundPlace[]) =>
    void doing.act(async () => {
      const further = await readPlaces(round, known.length, PAGE);
      asked.set([...known, ...further]);
      setEnd(further.length < PAGE);
    });
  return (
    <Dialog title={t("round.places")} onClose={onClose}>
      <Awaited of={asked}>
        {(places) => (
          <>
            {!places.length && <p class="note">{t("round.nobody")}</p>}
            <ol class="round-places">
              {places.map((place, index) => (
                <Line key={index} place={place} />
              ))}
            </ol>
            <Complaint of={doing} />
            {!end && places.length >= PAGE && (
              <Button kind="plain" busy={doing.busy} onClick={() => more(places)}>
                {t("search.more")}
              </Button>
            )}
          </>
        )}
      </Awaited>
    </Dialog>
  );
}

function Line({ place }: { place: RoundPlace }) {
  const { user_id: id, username, move } = place;
  const picked = Object.entries(move ?? {}).map(([name, value]) => said(name, value));
  return (
    <li data-own={id === myId.value}>
      <span class="card-place">{place.place}</span>
      <span class="card-name" dir="auto">
        {id === myId.value ? t("chat.you") : id ? calledBy(id, username ?? `#${id}`) : "—"}
        {picked.length > 0 && <span class="note"> {picked.join(" · ")}</span>}
      </span>
      <span class="card-prize">{place.prize ? money(place.prize) : t("card.lost")}</span>
    </li>
  );
}
