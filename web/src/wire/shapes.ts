/** The server's shapes by short names. `npm run types` makes the two files behind them. */

import type { components as frames } from "./frames";
import type { components as bodies } from "./openapi";

type Bodies = bodies["schemas"];
type Frames = frames["schemas"];

export type Told = Frames["Told"];
export type Heard = Frames["Heard"];
/** The frame of a type: `Frame<"message">`. */
export type Frame<T extends Heard["type"]> = Extract<Heard, { type: T }>;

export type Achievement = Bodies["AchievementView"];
export type Attachment = Bodies["Attachment"];
export type BallotFile = Bodies["BallotFile"];
export type BoardPlace = Bodies["BoardPlace"];
export type BlockedPerson = Bodies["BlockedPerson"];
export type Card = NonNullable<Message["card"]>;
export type Conversation = Bodies["ConversationOut"];
export type DayOfPlays = Bodies["DayStatistics"];
export type Draw = Bodies["DrawView"];
export type Export = Bodies["ExportView"];
export type Friend = Bodies["Friend"];
export type Game = Bodies["GameView"];
export type Group = Bodies["GroupSummary"];
export type Invite = Bodies["InviteOut"];
export type Leaderboard = Bodies["LeaderboardView"];
export type LoginSession = Bodies["OpenSession"];
export type Lottery = Bodies["LotteryView"];
export type Member = Bodies["MemberOut"];
export type Message = Bodies["MessageOut"];
export type MyBallot = Bodies["MyBallotView"];
export type NoticeSettings = Bodies["NotificationSetting"];
export type Notification = Bodies["NotificationOut"];
export type OwnFile = Bodies["OwnFile"];
export type Participant = Bodies["Participant"];
export type Statistics = Bodies["Statistics"];
export type PlayResult = Bodies["PlayResult"];
export type Presence = Bodies["Presence"];
export type Privacy = Bodies["PrivacySetting"];
export type Profile = Bodies["Profile"];
export type PublicProfile = Bodies["PublicProfile"];
export type Round = Bodies["RoundDetails"];
export type RoundPlace = Bodies["Place"];
export type SearchHit = Bodies["SearchHit"];
export type SubmittedBallots = Bodies["SubmittedBallots"];
export type Unread = Bodies["Unread"];
