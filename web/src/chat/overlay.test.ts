import { expect, it } from "vitest";
import type { Message } from "../wire/shapes";
import type { Errand, Errands, State } from "./errand";
import type { Timeline } from "./fold";
import { overlay } from "./overlay";

const ME = { id: 1, username: "ada" };
const message: Message = {
  id: 7,
  sender_id: 1,
  sender: "ada",
  content: "before",
  timestamp: "2026-01-01T00:00:00Z",
  client_id: "m",
};
const timeline = { messages: [message], toEnd: true } as unknown as Timeline;

function errand(state: State, frame: Partial<Errands> = {}): Errand {
  const edit = { type: "edit", conversation_id: 1, message_id: 7, message: "after", client_id: "e" };
  return { client_id: "e", user_id: 1, at: 0, frame: { ...edit, ...frame } as Errands, parcels: [], state };
}

it("shows a change before the server has it", () => {
  const [shown] = overlay(timeline, [errand("sending")], ME);
  expect([shown?.message.content, shown?.state]).toEqual(["after", "sending"]);
});

it("takes back a change that has failed, and says so on the message", () => {
  const failed = errand("failed");
  const [shown] = overlay(timeline, [failed], ME);
  expect([shown?.message.content, shown?.state, shown?.errand]).toEqual(["before", "failed", failed]);
});

it("shows what is still on its way beside what has failed", () => {
  const reaction = { type: "react", emoji: "🎉" } as const;
  const [shown] = overlay(timeline, [errand("failed", reaction), errand("waiting")], ME);
  expect([shown?.message.content, shown?.message.reactions ?? {}, shown?.state]).toEqual([
    "after",
    {},
    "failed",
  ]);
});
