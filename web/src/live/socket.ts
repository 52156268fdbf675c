/** The one socket: opened, kept alive, opened again. What goes over it is others' affair. */

import { signal } from "@preact/signals";
import type { Heard, Told } from "../wire/shapes";
import { pause } from "./backoff";

export type Link = "closed" | "connecting" | "open" | "waiting";

/** Close codes of docs/protocol.md that ask for more than another attempt. */
const TOO_LARGE = 1009;
const NOT_LOGGED_IN = 4401;

/** The server pings every 20 s, but tells a page nothing of it: so the page asks, when it has heard nothing. */
const SILENCE_MS = 25_000;
const ANSWER_MS = 8_000;
/** After sleep or a change of network a connection may look open and be dead; then less patience. */
const SUSPICION_MS = 3_000;

export interface Hooks {
  /** The server has accepted us: time to resume. `again` unless it is the first time. */
  ready(frame: Extract<Heard, { type: "ready" }>, again: boolean): void;
  heard(frame: Heard): void;
  /** The server has closed because of the largest frame that was under way: that one must not be sent again. */
  tooLarge(): void;
  /** The credential is no longer good. Get another, and say whether there is one. */
  renew(): Promise<boolean>;
}

export class LiveSocket {
  readonly link = signal<Link>("closed");
  private socket: WebSocket | undefined;
  private wanted = false;
  private opened = false;
  private attempt = 0;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private watch: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly hooks: Hooks,
    private readonly dial: () => WebSocket = () => new WebSocket(liveAddress()),
  ) {}

  open(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.opened = false;
    this.attempt = 0;
    this.connect();
  }

  close(): void {
    this.wanted = false;
    this.drop();
    this.link.value = "closed";
  }

  /** False when it cannot leave now. What must arrive is kept by who sends it, and sent again after `ready`. */
  tell(frame: Told): boolean {
    if (this.link.peek() !== "open") return false;
    this.socket?.send(JSON.stringify(frame));
    return true;
  }

  /** The network may be back, or the device awake: look now, without waiting for a timer. */
  nudge(): void {
    if (!this.wanted) return;
    if (this.link.peek() === "waiting") {
      this.attempt = 0;
      this.connect();
    } else if (this.link.peek() === "open") this.ping(SUSPICION_MS);
  }

  private connect(): void {
    this.drop();
    this.link.value = "connecting";
    const socket = this.dial();
    this.socket = socket;
    socket.onmessage = ({ data }) => this.hear(JSON.parse(data as string) as Heard);
    socket.onclose = ({ code }) => void this.lost(socket, code);
    this.expect(ANSWER_MS);
  }

  private hear(frame: Heard): void {
    this.expect(SILENCE_MS, () => this.ping(ANSWER_MS));
    if (frame.type === "ready" && this.link.peek() !== "open") {
      const again = this.opened;
      this.opened = true;
      this.attempt = 0;
      this.link.value = "open";
      this.hooks.ready(frame, again);
    }
    this.hooks.heard(frame);
  }

  private ping(patience: number): void {
    this.tell({ type: "ping" });
    this.expect(patience);
  }

  /** Unless something is heard within this time, act; by default, take the connection for lost. */
  private expect(ms: number, act: () => void = () => this.giveUp()): void {
    clearTimeout(this.watch);
    this.watch = setTimeout(act, ms);
  }

  private giveUp(): void {
    const socket = this.socket;
    this.drop();
    if (socket) void this.lost(undefined, 1006);
  }

  private async lost(socket: WebSocket | undefined, code: number): Promise<void> {
    if (socket !== this.socket || !this.wanted) return;
    this.drop();
    this.link.value = "waiting";
    if (code === TOO_LARGE) this.hooks.tooLarge();
    let wait = pause(this.attempt++);
    if (code === NOT_LOGGED_IN) {
      const renewed = await this.hooks.renew().catch(() => undefined);
      if (renewed === false) this.close();
      else if (renewed && this.attempt === 1) wait = 0;
    }
    if (this.wanted && this.link.peek() === "waiting") this.retry = setTimeout(() => this.connect(), wait);
  }

  private drop(): void {
    clearTimeout(this.retry);
    clearTimeout(this.watch);
    const socket = this.socket;
    this.socket = undefined;
    if (socket) {
      socket.onmessage = null;
      socket.onclose = null;
      socket.close();
    }
  }
}

function liveAddress(): string {
  return `${location.origin.replace("http", "ws")}/ws`;
}
