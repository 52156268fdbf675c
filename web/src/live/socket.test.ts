import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Heard } from "../wire/shapes";
import { pause } from "./backoff";
import { LiveSocket } from "./socket";

class Dialled {
  sent: unknown[] = [];
  closed = false;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(data: string): void {
    this.sent.push(JSON.parse(data));
  }
  close(): void {
    this.closed = true;
  }
  hear(frame: Heard): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  end(code: number): void {
    this.onclose?.({ code });
  }
}

const READY = { type: "ready", user_id: 1, username: "ada", expires_at: null } as const;

let dialled: Dialled[];
let readied: boolean[];
let renewal: boolean;
let renewals: number;
let overloads: string[];
let socket: LiveSocket;

beforeEach(() => {
  vi.useFakeTimers();
  dialled = [];
  readied = [];
  renewal = true;
  renewals = 0;
  overloads = [];
  socket = new LiveSocket(
    {
      ready: (_, again) => readied.push(again),
      heard: () => {},
      tooLarge: () => overloads.push(socket.link.peek()),
      renew: async () => {
        renewals++;
        return renewal;
      },
    },
    () => {
      const one = new Dialled();
      dialled.push(one);
      return one as unknown as WebSocket;
    },
  );
});
afterEach(() => vi.useRealTimers());

const last = () => dialled.at(-1) as Dialled;

describe("the socket", () => {
  test("is open once the server says so, and tells nothing before", () => {
    socket.open();
    expect(socket.tell({ type: "ping" })).toBe(false);
    last().hear(READY);
    expect(socket.link.value).toBe("open");
    expect(socket.tell({ type: "ping" })).toBe(true);
    expect(readied).toEqual([false]);
  });

  test("comes back after a loss, and says that it is not the first time", async () => {
    socket.open();
    last().hear(READY);
    last().end(1006);
    expect(socket.link.value).toBe("waiting");
    await vi.advanceTimersByTimeAsync(1_000);
    expect(dialled).toHaveLength(2);
    last().hear(READY);
    expect(readied).toEqual([false, true]);
  });

  test("waits longer from loss to loss", async () => {
    socket.open();
    for (let losses = 0; losses < 5; losses++) {
      last().end(1006);
      await vi.advanceTimersByTimeAsync(pause(losses, () => 1));
    }
    expect(dialled).toHaveLength(6);
    last().end(1006);
    await vi.advanceTimersByTimeAsync(pause(4, () => 0));
    expect(dialled).toHaveLength(6);
  });

  test("says when a frame was too large, before anything can be sent again", async () => {
    socket.open();
    last().hear(READY);
    last().end(1009);
    expect(overloads).toEqual(["waiting"]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(dialled).toHaveLength(2);
  });

  test("renews its credential when it is refused, and comes back at once", async () => {
    socket.open();
    last().end(4401);
    await vi.advanceTimersByTimeAsync(0);
    expect(renewals).toBe(1);
    expect(dialled).toHaveLength(2);
  });

  test("stays closed when the session is over", async () => {
    renewal = false;
    socket.open();
    last().end(4401);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(dialled).toHaveLength(1);
    expect(socket.link.value).toBe("closed");
  });

  test("asks after a silence whether anybody is there, and gives up on a dead line", async () => {
    socket.open();
    last().hear(READY);
    await vi.advanceTimersByTimeAsync(25_000);
    expect(last().sent).toEqual([{ type: "ping" }]);
    last().hear({ type: "pong" });
    await vi.advanceTimersByTimeAsync(25_000 + 8_000);
    expect(dialled[0]?.closed).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(dialled).toHaveLength(2);
  });

  test("does not wait for its timer when the network is back", async () => {
    socket.open();
    last().end(1006);
    socket.nudge();
    expect(dialled).toHaveLength(2);
  });

  test("suspects an open line after sleep", async () => {
    socket.open();
    last().hear(READY);
    socket.nudge();
    expect(last().sent).toEqual([{ type: "ping" }]);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(socket.link.value).toBe("waiting");
  });

  test("ends when it is told to", async () => {
    socket.open();
    last().hear(READY);
    socket.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(dialled).toHaveLength(1);
    expect(socket.link.value).toBe("closed");
  });
});

test("pauses double, and spread over half of themselves", () => {
  expect([0, 1, 2, 3].map((attempt) => pause(attempt, () => 1))).toEqual([400, 800, 1600, 3200]);
  expect(pause(3, () => 0)).toBe(1600);
  expect(pause(50, () => 1)).toBe(20_000);
});
