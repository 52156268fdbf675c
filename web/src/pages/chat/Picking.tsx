import { useEffect, useRef, useState } from "preact/hooks";
import { type Asked, asked, type Choice } from "../../chat/moves";
import { pick, readGames } from "../../chat/rounds";
import { t } from "../../i18n/i18n";
import { useDoing } from "../../ui/asking";
import { Complaint } from "../../ui/Dialog";
import { Button } from "../../ui/form";
import type { Round } from "../../wire/shapes";
import { called, said } from "./Card";

/** So many choices are laid out side by side. */
const SIDE_BY_SIDE = 3;

/** One's own move in a round. Another one takes its place until the close. */
export default function Picking({ round }: { round: Round }) {
  const [fields, setFields] = useState<Asked[]>();
  const [move, setMove] = useState<Record<string, Choice>>({});
  const key = useRef("");
  const doing = useDoing();
  useEffect(() => {
    readGames().then(
      (all) => setFields(asked(all.find((one) => one.name === round.game)?.move)),
      () => {},
    );
  }, [round.game]);
  useEffect(() => {
    if (!fields) return;
    const before = round.my_pick?.move as Record<string, Choice> | undefined;
    setMove(Object.fromEntries(fields.map((one) => [one.name, before?.[one.name] ?? first(one)])));
  }, [fields]);
  if (!fields) return null;
  const choose = (name: string, value: Choice) => {
    key.current = "";
    setMove({ ...move, [name]: value });
  };
  const submit = (event: Event) => {
    event.preventDefault();
    key.current ||= crypto.randomUUID();
    const name = key.current;
    void doing.act(async () => {
      await pick(round.id, move, name);
      key.current = "";
    });
  };
  return (
    <form class="picking" onSubmit={submit}>
      {fields.map((one) => (
        <Field
          key={one.name}
          asked={one}
          id={`round-${round.id}-${one.name}`}
          value={move[one.name] ?? first(one)}
          onChoose={(value) => choose(one.name, value)}
        />
      ))}
      <Complaint of={doing} />
      <Button type="submit" busy={doing.busy}>
        {round.my_pick ? t("round.change") : t("round.pick")}
      </Button>
    </form>
  );
}

function first({ choices, least }: Asked): Choice {
  return choices?.[0] ?? least ?? 0;
}

interface FieldLooks {
  asked: Asked;
  id: string;
  value: Choice;
  onChoose: (value: Choice) => void;
}

function Field({ asked: { name, choices, least, most }, id, value, onChoose }: FieldLooks) {
  if (choices && choices.length <= SIDE_BY_SIDE) {
    return (
      <fieldset class="sides">
        <legend class="hidden">{called(name)}</legend>
        {choices.map((one) => (
          <label key={one}>
            <input type="radio" name={id} checked={one === value} onChange={() => onChoose(one)} />
            <span>{said(name, one)}</span>
          </label>
        ))}
      </fieldset>
    );
  }
  return (
    <div class="field">
      <label for={id}>{called(name)}</label>
      {choices ? (
        <select
          id={id}
          value={String(value)}
          onChange={(event) => onChoose(choices[event.currentTarget.selectedIndex] as Choice)}
        >
          {choices.map((one) => (
            <option key={one} value={String(one)}>
              {said(name, one)}
            </option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="number"
          min={least}
          max={most}
          required
          value={value}
          onInput={(event) => onChoose(event.currentTarget.valueAsNumber)}
        />
      )}
    </div>
  );
}
