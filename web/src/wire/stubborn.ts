/** What must happen once: it has a name of its own (an Idempotency-Key), and is asked for until there is an answer. */

import { isPassing } from "../chat/errand";
import { pause } from "../live/backoff";
import { Refusal, Unreachable } from "./http";

const ATTEMPTS = 8;

/** Raises what cannot pass by waiting, and the last of what could. `waiting` is told before each pause. */
export async function stubbornly<T>(
  act: () => Promise<T>,
  waiting: () => void = () => {},
  sleep: (ms: number) => Promise<void> = (ms) => new Promise((wake) => setTimeout(wake, ms)),
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      const passing = error instanceof Unreachable || (error instanceof Refusal && isPassing(error.code));
      if (!passing || attempt + 1 >= ATTEMPTS) throw error;
      waiting();
      const asked = error instanceof Refusal ? (error.retryAfter ?? 0) * 1000 : 0;
      await sleep(Math.max(asked, pause(attempt)));
    }
  }
}

/** Random bytes in hex, by this browser. */
export function randomHex(bytes = 32): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))]
    .map((one) => one.toString(16).padStart(2, "0"))
    .join("");
}
