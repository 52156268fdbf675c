/** A new access cookie, got by one tab at a time, however many find at once that theirs has run out. */

import { refusalOf, Unreachable } from "../wire/http";

/** Refresh tokens work once; what another tab got a moment ago is as good as our own. */
const STILL_FRESH_MS = 5_000;

export interface Renewed {
  /** The access token itself, for the socket: kept in memory, told to other tabs, written nowhere. */
  access: string;
  at: number;
}

/** What tabs tell each other. */
export type Gossip = { type: "renewed"; renewed: Renewed } | { type: "out" } | { type: "in" };

export class Renewal {
  private latest: Renewed | undefined;
  private underWay: Promise<Renewed | null> | undefined;

  constructor(
    private readonly tell: (gossip: Gossip) => void,
    private readonly locks: Pick<LockManager, "request"> | undefined = globalThis.navigator?.locks,
  ) {}

  /** Null when the session has ended. Raises Unreachable, and Refusal when the server cannot say. */
  renew(): Promise<Renewed | null> {
    this.underWay ??= this.alone(() => this.fetched()).finally(() => {
      this.underWay = undefined;
    });
    return this.underWay;
  }

  /** Another tab has renewed. */
  learn(renewed: Renewed): void {
    if (!this.latest || this.latest.at < renewed.at) this.latest = renewed;
  }

  forget(): void {
    this.latest = undefined;
  }

  private async alone<T>(act: () => Promise<T>): Promise<T> {
    if (!this.locks) return act();
    return this.locks.request("parlour.renewal", act) as Promise<T>;
  }

  private async fetched(): Promise<Renewed | null> {
    if (this.latest && Date.now() - this.latest.at < STILL_FRESH_MS) return this.latest;
    let response: Response;
    try {
      response = await fetch("/api/users/token/refresh", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: "{}",
      });
    } catch (error) {
      throw new Unreachable(String(error));
    }
    if (!response.ok) {
      const refusal = await refusalOf(response);
      if (refusal.code === "refresh_refused" || refusal.code === "account_suspended") return null;
      throw refusal;
    }
    const { access } = (await response.json()) as { access: string };
    this.latest = { access, at: Date.now() };
    this.tell({ type: "renewed", renewed: this.latest });
    return this.latest;
  }
}
