import { useEffect, useState } from "preact/hooks";
import { marked } from "../../chat/marking";
import { senderOf, titleOf } from "../../chat/names";
import { room } from "../../chat/rooms";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { fully, shortly } from "../../i18n/times";
import { myId } from "../../session/session";
import { ask } from "../../wire/http";
import type { SearchHit } from "../../wire/shapes";

const PAUSE_MS = 250;
/** The least that the server looks for; one ideograph is enough for it, and it says so itself. */
const SHORTEST = 2;
const IDEOGRAPH =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Extended_Pictographic}]/u;

interface Looks {
  sought: string;
  /** In this conversation alone. */
  here?: number | undefined;
  onChoose?: ((hit: SearchHit) => void) | undefined;
}

type Found = { hits: SearchHit[]; next?: string | null | undefined };

/** Messages in which something occurs, newest first. */
export function Hits({ sought, here, onChoose }: Looks) {
  const q = sought.trim();
  const wanted = q.length >= SHORTEST || IDEOGRAPH.test(q);
  const [found, setFound] = useState<Found>();
  const [trouble, setTrouble] = useState("");
  const [waiting, setWaiting] = useState(false);

  const read = async (signal: AbortSignal, before?: string) => {
    const query = { q, limit: 20, ...(here && { conversation_id: here }), ...(before && { before }) };
    return (await ask("get", "/api/chat/search", { query, signal })) as Found;
  };
  useEffect(() => {
    setTrouble("");
    if (!wanted) {
      setFound(undefined);
      return;
    }
    const stop = new AbortController();
    setWaiting(true);
    const timer = setTimeout(() => {
      read(stop.signal)
        .then(setFound)
        .catch((error) => !stop.signal.aborted && setTrouble(explain(error)))
        .finally(() => !stop.signal.aborted && setWaiting(false));
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
      setWaiting(false);
    };
  }, [q, here, wanted]);
  const more = async () => {
    if (!found?.next) return;
    try {
      const next = await read(new AbortController().signal, found.next);
      setFound({ hits: [...found.hits, ...next.hits], next: next.next });
    } catch (error) {
      setTrouble(explain(error));
    }
  };

  if (!wanted) return null;
  return (
    <div class="hits">
      <p class="hits-note" role={trouble ? "alert" : "status"}>
        {trouble || (waiting && !found ? t("loading") : found && !found.hits.length ? t("search.none") : "")}
      </p>
      <ul>
        {found?.hits.map((hit) => (
          <Hit key={`${hit.conversation_id}-${hit.message.id}`} hit={hit} here={here} onChoose={onChoose} />
        ))}
      </ul>
      {found?.next && (
        <button type="button" class="button button-quiet" onClick={() => void more()}>
          {t("search.more")}
        </button>
      )}
    </div>
  );
}

function Hit({ hit, here, onChoose }: { hit: SearchHit } & Omit<Looks, "sought">) {
  const { message } = hit;
  const where = room(hit.conversation_id);
  const title = where && !here ? titleOf(where.summary.value, myId.value) : "";
  return (
    <li>
      <a
        class="hit"
        href={`/c/${hit.conversation_id}/${message.id}`}
        onClick={(event) => {
          if (!onChoose) return;
          event.preventDefault();
          onChoose(hit);
        }}
      >
        <span class="hit-who">
          {title && <b dir="auto">{title}</b>}
          <span>{senderOf(message, myId.value)}</span>
        </span>
        <time dateTime={message.timestamp} title={fully(message.timestamp)}>
          {shortly(message.timestamp)}
        </time>
        <span class="hit-text" dir="auto">
          {marked(message.content, hit.highlights).map((one, index) =>
            one.hit ? <mark key={index}>{one.text}</mark> : <span key={index}>{one.text}</span>,
          )}
        </span>
      </a>
    </li>
  );
}
