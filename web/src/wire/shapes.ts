/** The server's shapes by short names. `npm run types` makes the two files behind them. */

import type { components as frames } from "./frames";
import type { components as bodies } from "./openapi";

type Bodies = bodies["schemas"];
type Frames = frames["schemas"];

export type Told = Frames["Told"];
export type Heard = Frames["Heard"];
/** The frame of a type: `Frame<"message">`. */
export type Frame<T extends Heard["type"]> = Extract<Heard, { type: T }>;

export type Attachment = Bodies["Attachment"];
export type BallotFile = Bodies["BallotFile"];
export type Conversation = Bodies["ConversationOut"];
export type Draw = Bodies["DrawView"];
export type Friend = Bodies["Friend"];
export type Leaderboard = Bodies["LeaderboardView"];
export type Lottery = Bodies["LotteryView"];
export type Member = Bodies["MemberOut"];
export type Message = Bodies["MessageOut"];
export type MyBallot = Bodies["MyBallotView"];
export type Notification = Bodies["NotificationOut"];
export type OwnFile = Bodies["OwnFile"];
export type Participant = Bodies["Participant"];
export type PlayResult = Bodies["PlayResult"];
export type Privacy = Bodies["PrivacySetting"];
export type Profile = Bodies["Profile"];
export type PublicProfile = Bodies["PublicProfile"];
export type SubmittedBallots = Bodies["SubmittedBallots"];
export type Unread = Bodies["Unread"];
