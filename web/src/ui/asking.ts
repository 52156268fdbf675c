/** What a page asks the server for when it is shown: nothing yet, the answer, or why there is none. */

import { useEffect, useState } from "preact/hooks";
import { explain } from "../i18n/refusals";

export interface Asked<T> {
  readonly value: T | undefined;
  readonly trouble: string;
  /** Once more; what is shown stays until the new answer is there. */
  again(): void;
  /** What the page knows before the server says it again. */
  set(value: T): void;
}

/** Asks anew when one of `about` changes; an answer to what is no longer asked is dropped.
 *
 * When one of `also` changes too, but then the last answer stands until the next one is there.
 */
export function useAsked<T>(
  question: () => Promise<T>,
  about: readonly unknown[] = [],
  also: readonly unknown[] = [],
): Asked<T> {
  const [value, setValue] = useState<T>();
  const [trouble, setTrouble] = useState("");
  const [times, setTimes] = useState(0);
  useEffect(() => {
    let wanted = true;
    setTrouble("");
    question().then(
      (answer) => wanted && setValue(() => answer),
      (error) => wanted && setTrouble(explain(error)),
    );
    return () => {
      wanted = false;
    };
  }, [...about, ...also, times]);
  useEffect(() => setValue(undefined), [...about]);
  return { value, trouble, again: () => setTimes((n) => n + 1), set: (next) => setValue(() => next) };
}

/** Something to be done once at a time, with a word on why it was not. */
export interface Doing {
  readonly busy: boolean;
  readonly trouble: string;
  act(deed: () => Promise<unknown>): Promise<boolean>;
}

export function useDoing(): Doing {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const act = async (deed: () => Promise<unknown>) => {
    setBusy(true);
    setTrouble("");
    try {
      await deed();
      return true;
    } catch (error) {
      setTrouble(explain(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, trouble, act };
}
