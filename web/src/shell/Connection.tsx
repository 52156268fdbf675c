import { signal } from "@preact/signals";
import { t } from "../i18n/i18n";
import { link } from "../live/live";
import { outdated } from "./loading";

/** A short loss heals unnoticed, and is not worth a word. One that the browser knows of does not. */
const PATIENCE_MS = 2_500;

const troubled = signal(false);
let timer: ReturnType<typeof setTimeout> | undefined;

link.subscribe((now) => {
  if (now === "open" || now === "closed") {
    clearTimeout(timer);
    timer = undefined;
    troubled.value = false;
  } else
    timer ??= setTimeout(
      // Once for all attempts: each would begin the patience anew.
      () => {
        troubled.value = true;
      },
      navigator.onLine ? PATIENCE_MS : 0,
    );
});

/** Says so when what is on screen may be old. */
export function Connection() {
  const offline = troubled.value && !navigator.onLine;
  const words = outdated.value ? "" : troubled.value ? t(offline ? "link.offline" : "link.connecting") : "";
  return (
    <div class="connection" role="status">
      {words && <span class="connection-words">{words}</span>}
      {outdated.value && (
        <button type="button" class="connection-words" onClick={() => location.reload()}>
          {t("link.outdated")}
        </button>
      )}
    </div>
  );
}
