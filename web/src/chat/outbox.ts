/** What is on its way to the server: kept on this device until the server has stored it, sent again as often as needed.
 *
 * One at a time in each conversation, so that their order holds across refusals too (docs/protocol.md, "What a client
 * does to get the guarantee"). Each has its name before the first attempt, so sending it twice stores it once.
 */

import { signal } from "@preact/signals";
import { pause } from "../live/backoff";
import type { Shelf } from "../store/device";
import { Refusal } from "../wire/http";
import type { Frame, Told } from "../wire/shapes";
import { type Errand, type Errands, FRAME_TOO_LARGE, isPassing, type Parcel } from "./errand";
import type { ConversationEvent } from "./fold";

const ANSWER_MS = 10_000;
/** How long a stored errand waits for its event before it is dropped anyway: it may have been heard long ago. */
const ECHO_MS = 4_000;

export interface Way {
  tell(frame: Told): boolean;
  /** Uploads under the parcel's own name and answers the file's id. Raises Refusal and Unreachable. */
  upload(parcel: Parcel): Promise<string>;
}

interface Lane {
  /** Who is under way, or waits for its turn to be sent again. */
  busy: string | undefined;
  /** What has left and was not answered yet, in characters. */
  told: number;
  attempts: number;
  timer: ReturnType<typeof setTimeout> | undefined;
}

const NO_LANE: Lane = { busy: undefined, told: 0, attempts: 0, timer: undefined };

export class Outbox {
  readonly errands = signal<readonly Errand[]>([]);
  private readonly lanes = new Map<number, Lane>();
  private last = 0;

  constructor(
    private readonly way: Way,
    private readonly shelf: Shelf<Errand>,
  ) {}

  /** What an earlier visit of this person left behind. */
  async recall(userId: number): Promise<void> {
    const kept = (await this.shelf.all()).filter((one) => one.user_id === userId && !this.of(one.client_id));
    const waiting = kept.map((one) => (one.state === "failed" ? one : { ...one, state: "waiting" as const }));
    this.errands.value = [...waiting, ...this.errands.peek()].sort((one, other) => one.at - other.at);
    this.resume();
  }

  /** Resolves once it is on the disk; it is on its way, and shown, before that. */
  async post(userId: number, frame: Errands, parcels: readonly Parcel[] = []): Promise<void> {
    this.last = Math.max(Date.now(), this.last + 1);
    const errand: Errand = {
      client_id: frame.client_id,
      user_id: userId,
      at: this.last,
      frame,
      parcels,
      state: "waiting",
    };
    this.errands.value = [...this.errands.peek(), errand];
    const kept = this.shelf.put(errand);
    this.advance(frame.conversation_id);
    await kept;
  }

  /** A failed one, under the same id. */
  retry(clientId: string): void {
    const errand = this.change(clientId, { state: "waiting", code: undefined, reason: undefined });
    if (!errand) return;
    void this.shelf.put(errand);
    this.advance(errand.frame.conversation_id);
  }

  async discard(clientId: string): Promise<void> {
    const errand = this.of(clientId);
    this.drop(clientId);
    if (errand) this.next(errand.frame.conversation_id, clientId);
    await this.shelf.remove(clientId);
  }

  /** The socket is open, for the first time or again: whatever was under way is sent once more. */
  resume(): void {
    for (const lane of this.lanes.values()) this.free(lane);
    for (const { client_id, state } of this.errands.peek()) {
      if (state === "sending") this.change(client_id, { state: "waiting" });
    }
    for (const id of new Set(this.errands.peek().map((one) => one.frame.conversation_id))) this.advance(id);
  }

  acknowledge({ client_id, conversation_id }: Frame<"stored">): void {
    if (!this.change(client_id, { state: "stored" })) return;
    void this.shelf.remove(client_id);
    setTimeout(() => this.drop(client_id), ECHO_MS);
    this.next(conversation_id, client_id);
  }

  /** What is heard in the conversation itself is stored, too. */
  heard(event: ConversationEvent, userId: number): void {
    if (event.type === "withheld") return;
    const by = event.type === "message" ? event.sender_id : event.actor_id;
    if (by !== userId || !this.of(event.client_id)) return;
    this.drop(event.client_id);
    void this.shelf.remove(event.client_id);
    this.next(event.conversation_id, event.client_id);
  }

  refuse({ client_id, code, error, retry_after }: Frame<"error">): void {
    const errand = client_id ? this.of(client_id) : undefined;
    if (errand && errand.state !== "stored") this.settle(errand, code, error, retry_after ?? null);
  }

  /** The socket was closed for the largest of those under way. Sent again, it would close the next one. */
  tooLarge(): void {
    const largest = [...this.lanes.values()].reduce(
      (one, other) => (other.told > one.told ? other : one),
      NO_LANE,
    );
    const errand = largest.told && largest.busy ? this.of(largest.busy) : undefined;
    if (errand) this.settle(errand, FRAME_TOO_LARGE, "", null);
  }

  /** Its owner leaves. What they have written stays on this device unless they have `chosen` to leave it. */
  async empty(chosen: boolean): Promise<void> {
    for (const lane of this.lanes.values()) this.free(lane);
    const mine = this.errands.peek();
    this.errands.value = [];
    if (chosen) await Promise.all(mine.map((one) => this.shelf.remove(one.client_id)));
  }

  private advance(conversationId: number): void {
    const lane = this.lane(conversationId);
    const errand = this.errands
      .peek()
      .find((one) => one.frame.conversation_id === conversationId && one.state === "waiting");
    if (lane.busy || !errand) return;
    lane.busy = errand.client_id;
    this.change(errand.client_id, { state: "sending" });
    if (errand.parcels.length && errand.frame.type === "send") void this.upload(lane, errand, errand.frame);
    else this.tell(lane, errand, errand.frame);
  }

  private tell(lane: Lane, errand: Errand, frame: Errands): void {
    if (this.way.tell(frame)) {
      lane.told = JSON.stringify(frame).length;
      lane.timer = setTimeout(() => this.again(errand, 0), ANSWER_MS);
    } else {
      this.change(errand.client_id, { state: "waiting" });
      this.free(lane); // Until `resume`.
    }
  }

  /** Its files first, whose ids go along. */
  private async upload(lane: Lane, errand: Errand, frame: Extract<Errands, { type: "send" }>): Promise<void> {
    try {
      const parcels: Parcel[] = [];
      for (const parcel of errand.parcels) {
        parcels.push(parcel.id ? parcel : { ...parcel, id: await this.way.upload(parcel) });
      }
      if (lane.busy !== errand.client_id || !this.change(errand.client_id, { parcels })) return;
      this.tell(lane, errand, { ...frame, files: parcels.map((one) => one.id as string) });
    } catch (error) {
      if (lane.busy !== errand.client_id) return; // It was discarded meanwhile.
      if (error instanceof Refusal) this.settle(errand, error.code, error.detail, error.retryAfter);
      else this.again(errand, pause(lane.attempts++));
    }
  }

  private settle(errand: Errand, code: string, reason: string, retryAfter: number | null): void {
    const lane = this.lane(errand.frame.conversation_id);
    if (isPassing(code)) {
      this.again(
        errand,
        Math.max((retryAfter ?? 0) * 1000, code === "throttled" ? 0 : pause(lane.attempts++)),
      );
      return;
    }
    const failed = this.change(errand.client_id, { state: "failed", code, reason });
    if (failed) void this.shelf.put(failed);
    this.next(errand.frame.conversation_id, errand.client_id);
  }

  /** Its lane stays taken meanwhile: nothing overtakes it. */
  private again(errand: Errand, ms: number): void {
    const lane = this.lane(errand.frame.conversation_id);
    clearTimeout(lane.timer);
    lane.told = 0;
    lane.timer = setTimeout(() => {
      this.free(lane);
      this.change(errand.client_id, { state: "waiting" });
      this.advance(errand.frame.conversation_id);
    }, ms);
  }

  private next(conversationId: number, clientId: string): void {
    const lane = this.lane(conversationId);
    if (lane.busy === clientId) {
      this.free(lane);
      lane.attempts = 0;
    }
    this.advance(conversationId);
  }

  private free(lane: Lane): void {
    clearTimeout(lane.timer);
    lane.busy = undefined;
    lane.told = 0;
  }

  private lane(conversationId: number): Lane {
    let lane = this.lanes.get(conversationId);
    if (!lane) {
      lane = { ...NO_LANE };
      this.lanes.set(conversationId, lane);
    }
    return lane;
  }

  private of(clientId: string): Errand | undefined {
    return this.errands.peek().find((one) => one.client_id === clientId);
  }

  private change(clientId: string, change: Partial<Errand>): Errand | undefined {
    const errand = this.of(clientId);
    if (!errand) return undefined;
    const changed = { ...errand, ...change };
    this.errands.value = this.errands.peek().map((one) => (one === errand ? changed : one));
    return changed;
  }

  private drop(clientId: string): void {
    this.errands.value = this.errands.peek().filter((one) => one.client_id !== clientId);
  }
}
