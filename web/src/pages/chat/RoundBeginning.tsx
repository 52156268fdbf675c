import { useId, useRef, useState } from "preact/hooks";
import { begin, readGames } from "../../chat/rounds";
import { t } from "../../i18n/i18n";
import { lasting } from "../../i18n/times";
import { Awaited } from "../../ui/Awaited";
import { useAsked, useDoing } from "../../ui/asking";
import { Complaint, Dialog } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import type { Game } from "../../wire/shapes";
import { gameCalled } from "./Card";
import type { Talk } from "./talk";

/** Seconds until the close. */
const OFFERED = [60, 300, 900, 3_600, 86_400] as const;

/** For admins: a game of luck that everybody in the group may pick in. */
export default function RoundBeginning({ talk, onClose }: { talk: Talk; onClose: () => void }) {
  const games = useAsked(async () => (await readGames()).filter((one) => one.odds !== null));
  return (
    <Dialog title={t("round.begin")} onClose={onClose}>
      <p class="note">{t("round.begin.text")}</p>
      <Awaited of={games} ghosts={1}>
        {(found) =>
          found.length ? (
            <Terms games={found} conversation={talk.room.id} onDone={onClose} />
          ) : (
            <p>{t("round.none")}</p>
          )
        }
      </Awaited>
    </Dialog>
  );
}

interface Looks {
  games: readonly Game[];
  conversation: number;
  onDone: () => void;
}

function Terms({ games, conversation, onDone }: Looks) {
  const id = useId();
  const [game, setGame] = useState(games[0]?.name ?? "");
  const [seconds, setSeconds] = useState<number>(OFFERED[1]);
  const key = useRef(crypto.randomUUID());
  const doing = useDoing();
  const submit = async (event: Event) => {
    event.preventDefault();
    if (await doing.act(() => begin(conversation, game, seconds, key.current))) onDone();
  };
  const change = (act: () => void) => {
    key.current = crypto.randomUUID();
    act();
  };
  return (
    <form class="dialog-form" onSubmit={(event) => void submit(event)}>
      <p class="field">
        <label for={`${id}-game`}>{t("round.game")}</label>
        <select
          id={`${id}-game`}
          value={game}
          onChange={({ currentTarget: { value } }) => change(() => setGame(value))}
        >
          {games.map((one) => (
            <option key={one.name} value={one.name}>
              {gameCalled({ game: one.name, title: one.title })}
            </option>
          ))}
        </select>
      </p>
      <p class="field">
        <label for={`${id}-closes`}>{t("round.closes")}</label>
        <select
          id={`${id}-closes`}
          value={seconds}
          onChange={({ currentTarget: { value } }) => change(() => setSeconds(Number(value)))}
        >
          {OFFERED.map((one) => (
            <option key={one} value={one}>
              {lasting(one)}
            </option>
          ))}
        </select>
      </p>
      <Complaint of={doing} />
      <div class="dialog-acts">
        <Button type="submit" busy={doing.busy}>
          {t("round.begin")}
        </Button>
      </div>
    </form>
  );
}
