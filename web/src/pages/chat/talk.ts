/** What is going on in an open conversation: where one reads, what one answers or edits. */

import { computed, signal } from "@preact/signals";
import type { Parcel } from "../../chat/errand";
import { find } from "../../chat/fold";
import { overlay, type Shown } from "../../chat/overlay";
import { LIMIT_BYTES, parcelOf, TOGETHER } from "../../chat/parcels";
import { outbox, type Room } from "../../chat/rooms";
import { type Row, rowsOf } from "../../chat/rows";
import { t } from "../../i18n/i18n";
import { explain } from "../../i18n/refusals";
import { size } from "../../i18n/times";
import { me, myId } from "../../session/session";
import type { Spot } from "../../ui/Floating";
import type { Message } from "../../wire/shapes";

const LIT_MS = 2_000;
/** More than these are unread: then one begins where one stopped, rather than at the end. */
const AT_A_GLANCE = 40;

/** What lies over the conversation, one at a time. */
export type Over =
  | { readonly kind: "menu" | "emoji"; readonly shown: Shown; readonly at: Spot }
  | { readonly kind: "report" | "deletion"; readonly message: Message }
  | { readonly kind: "round" }
  | { readonly kind: "places"; readonly round: number }
  | { readonly kind: "picture"; readonly message: Message; readonly file: string };

export class Talk {
  readonly replyTo = signal<Message | null>(null);
  readonly editing = signal<Message | null>(null);
  readonly trouble = signal("");
  /** A message to bring into view; a new object each time, also for the same message. */
  readonly target = signal<{ id: number } | null>(null);
  readonly lit = signal(0);
  readonly over = signal<Over | null>(null);
  readonly searching = signal(false);
  /** What goes along with the next message, and why something cannot. */
  readonly parcels = signal<readonly Parcel[]>([]);
  readonly refused = signal("");
  /** How far had been read when this began, or when one last looked away. */
  private readonly freshAfter = signal(Number.POSITIVE_INFINITY);

  constructor(readonly room: Room) {
    this.markFresh();
  }

  /** What is unread from here on is new. */
  private markFresh(): void {
    const { position, messages } = this.room.summary.peek().unread;
    this.freshAfter.value = messages && position ? position : Number.POSITIVE_INFINITY;
  }

  /** What comes while nobody looks will be new to them. */
  lookAway(): void {
    const { unread, last_message_id } = this.room.summary.peek();
    this.freshAfter.value = unread.messages ? unread.position : last_message_id;
  }

  /** Where one stopped reading, or the newest. */
  async begin(): Promise<void> {
    const { position, messages } = this.room.summary.peek().unread;
    if (position && messages > AT_A_GLANCE) {
      await this.attempt(() => this.room.history.around(position));
    } else await this.goTo();
    // Who has read nothing yet begins at the end, like everybody who comes into a room.
    if (position && messages) this.target.value = { id: 0 };
  }

  private async attempt(act: () => Promise<void>): Promise<boolean> {
    this.trouble.value = "";
    try {
      await act();
      return true;
    } catch (error) {
      this.trouble.value = explain(error);
      return false;
    }
  }

  readonly rows = computed<readonly Row[]>(() => {
    const mine = outbox.errands.value.filter((one) => one.frame.conversation_id === this.room.id);
    const author = { id: myId.value, username: me.value?.username ?? "" };
    return rowsOf(overlay(this.room.history.timeline.value, mine, author), author.id, this.freshAfter.value);
  });

  /** The newest, or around a message, which is lit for a moment. */
  async goTo(id = 0): Promise<void> {
    const { history } = this.room;
    const there = await this.attempt(async () => {
      if (id) await history.around(id);
      else if (!history.timeline.peek().toEnd) await history.latest();
    });
    if (!there) return;
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

  row(key: string): Row | undefined {
    return this.rows.peek().find((row) => row.shown.key === key);
  }

  mayChange(message: Message): boolean {
    return message.sender_id === myId.peek() && !message.deleted && !message.kind && message.id > 0;
  }

  mayDelete(message: Message): boolean {
    const { role, kind } = this.room.summary.peek();
    const rules = kind === "group" && role !== "member";
    return this.mayChange(message) || (rules && !message.deleted && !message.kind && message.id > 0);
  }

  async attach(files: readonly File[]): Promise<void> {
    this.refused.value = "";
    const fitting = files.filter((file) => file.size <= LIMIT_BYTES && file.size > 0);
    if (fitting.length < files.length) this.refused.value = t("file.large", { size: size(LIMIT_BYTES) });
    const parcels = await Promise.all(fitting.map(parcelOf));
    const all = [...this.parcels.peek(), ...parcels];
    if (all.length > TOGETHER) this.refused.value = t("file.many", { count: TOGETHER });
    this.parcels.value = all.slice(0, TOGETHER);
  }

  detach(clientId: string): void {
    this.parcels.value = this.parcels.peek().filter((one) => one.client_id !== clientId);
  }

  /** One speaks: what was new is old. */
  spoken(): void {
    this.freshAfter.value = Number.POSITIVE_INFINITY;
    this.parcels.value = [];
    this.refused.value = "";
    this.settle();
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
