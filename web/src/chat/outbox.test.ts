import "fake-indexeddb/auto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { shelf } from "../store/device";
import { Refusal, Unreachable } from "../wire/http";
import type { Told } from "../wire/shapes";
import type { Errand, Errands } from "./errand";
import { Outbox } from "./outbox";

const ME = 1;

class Server {
  open = true;
  readonly told: Told[] = [];
  uploads: (() => Promise<string>)[] = [];
  tell(frame: Told): boolean {
    if (this.open) this.told.push(frame);
    return this.open;
  }
  upload(): Promise<string> {
    return (this.uploads.shift() ?? (async () => "file-1"))();
  }
  get ids(): string[] {
    return this.told.map((frame) => (frame as Errands).client_id);
  }
}

const say = (client_id: string, conversation_id = 1): Errands => ({
  type: "send",
  conversation_id,
  message: `text of ${client_id}`,
  client_id,
});

const stored = (client_id: string, conversation_id = 1) =>
  ({
    type: "stored",
    client_id,
    conversation_id,
    message_id: 7,
    seq: 7,
    timestamp: "2026-01-01T00:00:00Z",
  }) as const;

const heard = (client_id: string) =>
  ({
    type: "message",
    message_id: 7,
    message: "",
    sender_id: ME,
    sender: "ada",
    timestamp: "2026-01-01T00:00:00Z",
    conversation_id: 1,
    client_id,
  }) as const;

let server: Server;
let outbox: Outbox;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
  server = new Server();
  outbox = new Outbox(server, shelf<Errand>());
  for (const one of await shelf<Errand>().all()) await shelf().remove(one.client_id);
});
afterEach(() => vi.useRealTimers());

const states = () => outbox.errands.value.map((one) => [one.client_id, one.state]);

describe("the outbox", () => {
  test("sends one after the other in a conversation, and does not wait for other conversations", async () => {
    await outbox.post(ME, say("a"));
    await outbox.post(ME, say("b"));
    await outbox.post(ME, say("c", 2));
    expect(server.ids).toEqual(["a", "c"]);
    outbox.acknowledge(stored("a"));
    expect(server.ids).toEqual(["a", "c", "b"]);
  });

  test("keeps what is stored on screen until the event itself is heard", async () => {
    await outbox.post(ME, say("a"));
    outbox.acknowledge(stored("a"));
    expect(states()).toEqual([["a", "stored"]]);
    outbox.heard(heard("a"), ME);
    expect(states()).toEqual([]);
  });

  test("takes the event itself for an acknowledgement", async () => {
    await outbox.post(ME, say("a"));
    outbox.heard(heard("a"), ME);
    expect(states()).toEqual([]);
    expect(await shelf().all()).toEqual([]);
  });

  test("sends again under the same name after a reconnect, in the same order", async () => {
    await outbox.post(ME, say("a"));
    await outbox.post(ME, say("b"));
    outbox.resume();
    expect(server.ids).toEqual(["a", "a"]);
    outbox.acknowledge(stored("a"));
    expect(server.ids).toEqual(["a", "a", "b"]);
  });

  test("waits while there is no connection", async () => {
    server.open = false;
    await outbox.post(ME, say("a"));
    expect(states()).toEqual([["a", "waiting"]]);
    server.open = true;
    outbox.resume();
    expect(server.ids).toEqual(["a"]);
  });

  test("survives a reload, for its own owner only", async () => {
    server.open = false;
    await outbox.post(ME, say("a"));
    await outbox.post(2, say("of somebody else"));
    const later = new Outbox(server, shelf<Errand>());
    server.open = true;
    await later.recall(ME);
    expect(later.errands.value.map((one) => one.client_id)).toEqual(["a"]);
    expect(server.ids).toEqual(["a"]);
  });

  test("tries again after a throttle's time, and lets nothing overtake meanwhile", async () => {
    await outbox.post(ME, say("a"));
    await outbox.post(ME, say("b"));
    outbox.refuse({ type: "error", code: "throttled", error: "", client_id: "a", retry_after: 1 });
    vi.advanceTimersByTime(999);
    expect(server.ids).toEqual(["a"]);
    vi.advanceTimersByTime(1);
    expect(server.ids).toEqual(["a", "a"]);
  });

  test("sends again when nothing is answered", async () => {
    await outbox.post(ME, say("a"));
    vi.advanceTimersByTime(10_000);
    vi.advanceTimersByTime(1);
    expect(server.ids).toEqual(["a", "a"]);
  });

  test("says what was refused for good, goes on, and retries it under the same name", async () => {
    await outbox.post(ME, say("a"));
    await outbox.post(ME, say("b"));
    outbox.refuse({ type: "error", code: "muted_here", error: "", client_id: "a" });
    expect(outbox.errands.value[0]).toMatchObject({ state: "failed", code: "muted_here" });
    expect(server.ids).toEqual(["a", "b"]);
    outbox.acknowledge(stored("b"));
    outbox.retry("a");
    expect(server.ids).toEqual(["a", "b", "a"]);
  });

  test("marks what the server could not even read, with its reason", async () => {
    await outbox.post(ME, say("a"));
    outbox.refuse({
      type: "error",
      code: "unreadable_frame",
      error: "The frame cannot be read",
      client_id: "a",
    });
    const failed = { state: "failed", code: "unreadable_frame", reason: "The frame cannot be read" };
    expect(outbox.errands.value[0]).toMatchObject(failed);
  });

  test("does not send again what was too large, the largest of those under way", async () => {
    await outbox.post(ME, say("a"));
    await outbox.post(ME, { ...say("large", 2), message: "long".repeat(5_000) } as Errands);
    await outbox.post(ME, say("b", 2));
    server.open = false;
    outbox.tooLarge();
    expect(outbox.errands.value[1]).toMatchObject({ state: "failed", code: "frame_too_large" });
    server.open = true;
    outbox.resume();
    expect(server.ids).toEqual(["a", "large", "a", "b"]);
  });

  test("blames nobody for a frame that was not among its own", async () => {
    await outbox.post(ME, say("a"));
    outbox.refuse({ type: "error", code: "throttled", error: "", client_id: "a", retry_after: 1 });
    outbox.tooLarge();
    expect(states()).toEqual([["a", "sending"]]);
  });

  test("a failed one is still failed after a reload", async () => {
    await outbox.post(ME, say("a"));
    outbox.refuse({ type: "error", code: "muted_here", error: "", client_id: "a" });
    const later = new Outbox(server, shelf<Errand>());
    await later.recall(ME);
    expect(later.errands.value[0]?.state).toBe("failed");
  });

  test("what is discarded is gone, and the next goes ahead", async () => {
    await outbox.post(ME, say("a"));
    await outbox.post(ME, say("b"));
    await outbox.discard("a");
    expect(states()).toEqual([["b", "sending"]]);
    expect((await shelf<Errand>().all()).map((one) => one.client_id)).toEqual(["b"]);
  });

  test("uploads first, and sends the ids", async () => {
    const parcel = { client_id: "p", name: "cat.png", media_type: "image/png", blob: new Blob(["x"]) };
    await outbox.post(ME, say("a"), [parcel]);
    await vi.waitFor(() => expect(server.told).toMatchObject([{ client_id: "a", files: ["file-1"] }]));
  });

  test("tries an upload again when nobody answers, and gives up when it is refused", async () => {
    const parcel = { client_id: "p", name: "cat.png", media_type: "image/png", blob: new Blob(["x"]) };
    server.uploads = [
      () => Promise.reject(new Unreachable()),
      () => Promise.reject(new Refusal(415, "file_type_refused", "", null)),
    ];
    await outbox.post(ME, say("a"), [parcel]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(outbox.errands.value[0]).toMatchObject({ state: "failed", code: "file_type_refused" });
    expect(server.told).toEqual([]);
  });

  test("is emptied on this device only when its owner has chosen to leave", async () => {
    server.open = false;
    await outbox.post(ME, say("a"));
    await outbox.empty(false);
    expect(states()).toEqual([]);
    expect(await shelf().all()).toHaveLength(1);
    await outbox.recall(ME);
    await outbox.empty(true);
    expect(await shelf().all()).toEqual([]);
  });
});
