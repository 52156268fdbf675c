/** A word in passing: that something is done. It goes by itself, and is read out. */

import { signal } from "@preact/signals";

const SHOWN_MS = 2_600;
const words = signal("");
let timer: ReturnType<typeof setTimeout> | undefined;

export function say(text: string): void {
  clearTimeout(timer);
  words.value = text;
  timer = setTimeout(() => {
    words.value = "";
  }, SHOWN_MS);
}

export function Toast() {
  return (
    <div class="toast" role="status">
      {words.value && <span>{words.value}</span>}
    </div>
  );
}
