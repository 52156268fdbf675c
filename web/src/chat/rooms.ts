/** The conversations of who is logged in, each with its history; followed over the socket without a gap. */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { hear, onReady, onTooLarge, tell } from "../live/live";
import { meet } from "../people/people";
import { me, myId, onLeaving, standing } from "../session/session";
import { shelf } from "../store/device";
import { ask, Refusal } from "../wire/http";
import type { Conversation, Frame } from "../wire/shapes";
import type { Errand } from "./errand";
import { type ConversationEvent, numberOf } from "./fold";
import { History, type Where } from "./history";
import { Outbox } from "./outbox";
import { Postponed } from "./postponed";
import { Subscriptions } from "./subscriptions";
import { activity, summarised } from "./summary";
import { upload } from "./uploading";

export interface Room {
  readonly id: number;
  readonly summary: Signal<Conversation>;
  readonly history: History;
  /** The last number heard: what the socket resumes from. */
  position: number;
  /** The last number that the summary knows of. */
  summarisedTo: number;
}

const PAGE = 100;
const ASK_AGAIN_MS = 250;

export const outbox = new Outbox({ tell, upload }, shelf<Errand>());

const rooms = signal<ReadonlyMap<number, Room>>(new Map());
/** Whether the whole list has been read. Null while that fails. */
export const listed = signal<boolean | null>(false);
const subscriptions = new Subscriptions(tell, (id) => rooms.peek().get(id)?.position);
const standings = new Map<number, number>();
const asking = new Postponed();
let reading: Promise<void> | undefined;

/** The one with the newest message first. */
export const roomList: ReadonlySignal<readonly Room[]> = computed(() =>
  [...rooms.value.values()].sort((one, other) => activity(other.summary.value) - activity(one.summary.value)),
);

export const unreadTotal = computed(
  () => [...rooms.value.values()].filter((room) => room.summary.value.unread.messages > 0).length,
);

export function room(id: number): Room | undefined {
  return rooms.value.get(id);
}

/** A conversation of one's own that may not be listed yet. Raises Refusal and Unreachable. */
export async function enter(id: number): Promise<Room> {
  const known = rooms.peek().get(id);
  if (known) return known;
  const conversation = await ask("get", "/api/chat/conversations/{conversation_id}", {
    path: { conversation_id: id },
  });
  return admit(conversation);
}

/** Take a conversation in, or what was just read of it, and listen to it from there on. */
export function admit(conversation: Conversation): Room {
  meet(conversation.participants);
  const known = rooms.peek().get(conversation.id);
  if (known) {
    refresh(known, conversation);
    return known;
  }
  const added: Room = {
    id: conversation.id,
    summary: signal(conversation),
    history: new History((where) => readMessages(conversation.id, where)),
    position: conversation.last_message_id,
    summarisedTo: conversation.last_message_id,
  };
  rooms.value = new Map(rooms.peek()).set(added.id, added);
  subscriptions.ask(added.id);
  return added;
}

export function readUpTo(room: Room, messageId: number): void {
  if (messageId > room.summary.peek().unread.position) {
    tell({ type: "read", conversation_id: room.id, message_id: messageId });
  }
}

async function readMessages(conversation_id: number, where: Where & { limit: number }) {
  const path = { conversation_id };
  const page = await ask("get", "/api/chat/conversations/{conversation_id}/messages", { path, query: where });
  return page.messages;
}

/** Read the list; those that are not on it any more are gone. */
async function readList(): Promise<void> {
  const found = new Set<number>();
  for (let offset = 0; ; offset += PAGE) {
    const page = await ask("get", "/api/chat/conversations", { query: { limit: PAGE, offset } });
    for (const conversation of page) found.add(admit(conversation).id);
    if (page.length < PAGE) break;
  }
  rooms.value = new Map([...rooms.peek()].filter(([id]) => found.has(id)));
  listed.value = true;
}

/** Once at a time. */
export function readConversations(): Promise<void> {
  reading ??= readList()
    .catch(() => {
      if (!listed.peek()) listed.value = null;
    })
    .finally(() => {
      reading = undefined;
    });
  return reading;
}

async function resume(again: boolean): Promise<void> {
  subscriptions.resume([...rooms.peek().keys()]);
  outbox.resume();
  // What happened to the list itself is not repeated on the socket.
  if (again || listed.peek() === null) await readConversations();
}

function hearEvent(event: ConversationEvent): void {
  outbox.heard(event, myId.peek());
  const room = rooms.peek().get(event.conversation_id);
  const number = numberOf(event);
  if (!room || number <= room.position) return;
  room.position = number;
  room.history.apply(event);
  if (number <= room.summarisedTo) return;
  room.summarisedTo = number;
  const next = summarised(room.summary.peek(), event, myId.peek());
  if (next) room.summary.value = next;
  else askAgain(room.id);
}

function refresh(room: Room, conversation: Conversation): void {
  if (conversation.last_message_id < room.summarisedTo) {
    askAgain(room.id);
    return;
  }
  room.summary.value = conversation;
  room.summarisedTo = conversation.last_message_id;
}

/** An error that names a conversation and nothing sent: it is not heard, for now or because it is not ours any more. */
function unheard({ client_id, conversation_id, retry_after }: Frame<"error">): void {
  if (client_id || !conversation_id) return;
  if (retry_after) subscriptions.putOff(conversation_id, retry_after);
  else askAgain(conversation_id);
}

/** Soon, and once for all that happens until then. */
export function askAgain(id: number): void {
  asking.put(id, ASK_AGAIN_MS, async () => {
    try {
      const path = { conversation_id: id };
      admit(await ask("get", "/api/chat/conversations/{conversation_id}", { path }));
    } catch (error) {
      if (error instanceof Refusal && error.status === 404) leave(id);
    }
  });
}

function leave(id: number): void {
  const left = new Map(rooms.peek());
  left.delete(id);
  rooms.value = left;
}

/** If being added and being removed cross each other, the higher number holds. */
function isNews(id: number, seq: number): boolean {
  if (seq !== 0 && seq < (standings.get(id) ?? 0)) return false;
  standings.set(id, seq);
  return true;
}

/** A block was made or lifted: what may be seen of others has changed, everywhere. */
function lookAgain(): void {
  for (const room of rooms.peek().values()) {
    if (room.summary.peek().kind === "group") void room.history.again().catch(() => {});
  }
  void readConversations();
}

export function followConversations(): void {
  onReady((again) => void resume(again));
  onTooLarge(() => outbox.tooLarge());
  for (const type of ["message", "edited", "deleted", "reacted", "unreacted", "withheld"] as const) {
    hear(type, hearEvent);
  }
  hear("stored", (frame) => outbox.acknowledge(frame));
  hear("error", (frame) => {
    outbox.refuse(frame);
    unheard(frame);
  });
  hear("read", ({ type: _, conversation_id, ...unread }) => {
    const room = rooms.peek().get(conversation_id);
    if (room) room.summary.value = { ...room.summary.peek(), unread };
  });
  hear(
    "conversation_added",
    ({ conversation_id, seq }) => isNews(conversation_id, seq) && askAgain(conversation_id),
  );
  hear(
    "conversation_removed",
    ({ conversation_id, seq }) => isNews(conversation_id, seq) && leave(conversation_id),
  );
  hear("blocked", lookAgain);
  hear("unblocked", lookAgain);
  standing.subscribe((now) => {
    if (now !== "in") return;
    void readConversations();
    if (me.peek()) void outbox.recall(myId.peek());
  });
  onLeaving(async (chosen) => {
    rooms.value = new Map();
    listed.value = false;
    standings.clear();
    subscriptions.forget();
    await outbox.empty(chosen);
  });
}
