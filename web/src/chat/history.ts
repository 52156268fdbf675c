/** What is on hand of a conversation's history: a stretch that grows at either end, and follows what happens. */

import { signal } from "@preact/signals";
import type { Message } from "../wire/shapes";
import { type ConversationEvent, EMPTY, find, fold, join, type Timeline } from "./fold";

export const PAGE = 50;
/** Beyond it the far end is let go of, and read again when it is scrolled to. */
const ON_HAND = 400;

export type Where = { before?: number; after?: number; around?: number };
export type Read = (where: Where & { limit: number }) => Promise<readonly Message[]>;

export class History {
  readonly timeline = signal<Timeline>(EMPTY);
  readonly loading = signal<"" | "all" | "earlier" | "later">("");
  /** While a page is on its way: a change that it may have been read before is applied to it when it comes. */
  private meanwhile: ConversationEvent[] | undefined;
  private turn = 0;

  constructor(private readonly read: Read) {}

  apply(event: ConversationEvent): void {
    this.meanwhile?.push(event);
    this.timeline.value = fold(this.timeline.peek(), event);
  }

  /** The newest messages. Raises what reading raises. */
  async latest(): Promise<void> {
    await this.load("all", {}, (page) => ({ messages: page, fromStart: page.length < PAGE, toEnd: true }));
  }

  /** The messages around one, when it is not on hand yet. */
  async around(id: number): Promise<void> {
    if (find(this.timeline.peek(), id)) return;
    await this.load("all", { around: id }, (page) => {
      const before = page.filter((one) => one.id < id).length;
      return { messages: page, fromStart: before < PAGE / 2, toEnd: page.length - before < PAGE / 2 };
    });
  }

  async earlier(): Promise<void> {
    const { messages, fromStart } = this.timeline.peek();
    const first = messages[0];
    if (fromStart || !first) return;
    await this.load("earlier", { before: first.id }, (page, now) =>
      shortened({ ...join(now, page), fromStart: page.length < PAGE }, "end"),
    );
  }

  async later(): Promise<void> {
    const { messages, toEnd } = this.timeline.peek();
    const last = messages.at(-1);
    if (toEnd || !last) return;
    await this.load("later", { after: last.id }, (page, now) =>
      shortened({ ...join(now, page), toEnd: page.length < PAGE }, "start"),
    );
  }

  /** The same stretch read anew, for when what may be seen of it has changed. */
  async again(): Promise<void> {
    const { messages, toEnd } = this.timeline.peek();
    if (!messages.length) return;
    this.timeline.value = EMPTY;
    const middle = messages[messages.length >> 1] as Message;
    await (toEnd ? this.latest() : this.around(middle.id));
  }

  /** Only its newest part, when nobody looks. */
  rest(): void {
    const { messages, toEnd } = this.timeline.peek();
    if (!toEnd) this.timeline.value = EMPTY;
    else if (messages.length > 2 * PAGE) {
      this.timeline.value = { messages: messages.slice(-2 * PAGE), fromStart: false, toEnd };
    }
  }

  private async load(
    what: "all" | "earlier" | "later",
    where: Where,
    placed: (page: readonly Message[], now: Timeline) => Timeline,
  ): Promise<void> {
    if (this.loading.peek() === what && what !== "all") return;
    const turn = ++this.turn;
    this.loading.value = what;
    this.meanwhile = [];
    try {
      const page = await this.read({ ...where, limit: PAGE });
      if (turn !== this.turn) return;
      let next = placed(page, this.timeline.peek());
      for (const event of this.meanwhile) next = fold(next, event);
      this.timeline.value = next;
    } finally {
      if (turn === this.turn) {
        this.loading.value = "";
        this.meanwhile = undefined;
      }
    }
  }
}

function shortened(timeline: Timeline, end: "start" | "end"): Timeline {
  if (timeline.messages.length <= ON_HAND) return timeline;
  return end === "end"
    ? { ...timeline, messages: timeline.messages.slice(0, ON_HAND), toEnd: false }
    : { ...timeline, messages: timeline.messages.slice(-ON_HAND), fromStart: false };
}
