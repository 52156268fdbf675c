import { useState } from "preact/hooks";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import type { PlayResult } from "../../wire/shapes";

export interface Playing {
  readonly busy: boolean;
  readonly said: string;
  readonly trouble: string;
  readonly result: PlayResult | undefined;
  act(play: (waiting: () => void) => Promise<PlayResult>): Promise<void>;
}

/** One play at a time, and what came of it. */
export function usePlaying(): Playing {
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState("");
  const [trouble, setTrouble] = useState("");
  const [result, setResult] = useState<PlayResult>();
  const act: Playing["act"] = async (play) => {
    if (busy) return;
    setBusy(true);
    setTrouble("");
    try {
      setResult(await play(() => setSaid(t("play.waiting"))));
    } catch (error) {
      setResult(undefined);
      setTrouble(explain(error));
    } finally {
      setSaid("");
      setBusy(false);
    }
  };
  return { busy, said, trouble, result, act };
}
