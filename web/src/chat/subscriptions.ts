/** Asking to hear conversations: all of them on each new socket, and one again that was put off. */

import type { Told } from "../wire/shapes";
import { Postponed } from "./postponed";

/** A frame of positions has to fit into 16 KiB. */
const POSITIONS = 400;

export class Subscriptions {
  private readonly later = new Postponed();

  constructor(
    private readonly tell: (frame: Told) => boolean,
    /** The last number heard; undefined of a conversation that is no longer ours. */
    private readonly positionOf: (id: number) => number | undefined,
  ) {}

  /** On a new socket, which knows of none. */
  resume(ids: readonly number[]): void {
    this.forget();
    for (let from = 0; from < ids.length; from += POSITIONS) {
      const some = ids.slice(from, from + POSITIONS).map((id) => [id, this.positionOf(id)]);
      this.tell({ type: "resume", positions: Object.fromEntries(some) });
    }
  }

  ask(id: number): void {
    const after = this.positionOf(id);
    if (after !== undefined) this.tell({ type: "subscribe", conversation_id: id, after });
  }

  /** The server could not do it right now. */
  putOff(id: number, seconds: number): void {
    this.later.put(id, seconds * 1000, () => this.ask(id));
  }

  forget(): void {
    this.later.forget();
  }
}
