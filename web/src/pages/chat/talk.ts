/** What is going on in an open conversation: where one reads, what one answers or edits. */

import { computed, signal } from "@preact/signals";
import { find } from "../../chat/fold";
import { overlay, type Shown } from "../../chat/overlay";
import { outbox, type Room } from "../../chat/rooms";
import { type Row, rowsOf } from "../../chat/rows";
import { explain } from "../../i18n/refusals";
import { me, myId } from "../../session/session";
import type { Message } from "../../wire/shapes";

const LIT_MS = 2_000;

export class Talk {
  readonly replyTo = signal<Message | null>(null);
  readonly editing = signal<Message | null>(null);
  readonly trouble = signal("");
  /** A message to bring into view; a new object each time, also for the same message. */
  readonly target = signal<{ id: number } | null>(null);
  readonly lit = signal(0);
  /** How far had been read when this began. */
  private readonly freshAfter: number;

  constructor(readonly room: Room) {
    const { position, messages } = room.summary.peek().unread;
    this.freshAfter = messages ? position : Number.POSITIVE_INFINITY;
  }

  readonly rows = computed<readonly Row[]>(() => {
    const mine = outbox.errands.value.filter((one) => one.frame.conversation_id === this.room.id);
    const author = { id: myId.value, username: me.value?.username ?? "" };
    return rowsOf(overlay(this.room.history.timeline.value, mine, author), author.id, this.freshAfter);
  });

  /** The newest, or around a message, which is lit for a moment. */
  async goTo(id = 0): Promise<void> {
    this.trouble.value = "";
    const { history } = this.room;
    try {
      if (id) await history.around(id);
      else if (!history.timeline.peek().toEnd) await history.latest();
    } catch (error) {
      this.trouble.value = explain(error);
      return;
    }
    if (!id) return;
    this.target.value = { id };
    this.lit.value = id;
    setTimeout(() => {
      if (this.lit.peek() === id) this.lit.value = 0;
    }, LIT_MS);
  }

  message(id: number): Message | undefined {
    return find(this.room.history.timeline.value, id);
  }

  /** What one said last and may still change. */
  lastOwn(): Shown | undefined {
    return this.rows
      .peek()
      .map((row) => row.shown)
      .findLast(
        ({ message, state }) =>
          message.sender_id === myId.peek() && !message.kind && !message.deleted && !state,
      );
  }

  answer(message: Message): void {
    this.editing.value = null;
    this.replyTo.value = message;
  }

  change(message: Message): void {
    this.replyTo.value = null;
    this.editing.value = message;
  }

  /** Neither answers nor edits any more. */
  settle(): void {
    this.replyTo.value = null;
    this.editing.value = null;
  }
}
