/** Every page, and where it stands. A page is loaded when it is first shown.
 *
 * To add one: a row here, in `shell/places.ts` if it has a place in the bar, and a component under `pages/`.
 */

import type { ComponentType } from "preact";
import { type Area, speakOf } from "../i18n/i18n";
import type { Places } from "./router";

export type Page = ComponentType<{ places: Places }>;
type Load = () => Promise<{ default: Page }>;
export type Section = "chats" | "draws" | "play" | "people" | "notifications" | "settings";

export interface Route {
  readonly path: string;
  /** Which place in the bar is lit. */
  readonly section?: Section;
  /** For those who are not logged in, or for everybody: without the bar. */
  readonly bare?: "out" | "anyone";
  /** Which of both panes a phone shows, if not `main`. */
  readonly seen?: "side";
  /** The left pane, which on a phone is the page itself when there is no `main`. */
  readonly side?: Load;
  readonly main?: Load;
}

/** A page with words of its own, which come with it. */
function withWords(areas: readonly Area[], load: Load): Load {
  return async () => (await Promise.all([load(), speakOf(areas)]))[0];
}

const chats: Load = () => import("../pages/chats/ChatsPane");
const people = withWords(["people"], () => import("../pages/people/PeoplePane"));
const person = withWords(["people"], () => import("../pages/people/PersonPage"));
const settings = withWords(["people", "settings"], () => import("../pages/settings/SettingsPane"));
const setting = withWords(["people", "settings"], () => import("../pages/settings/SettingsPage"));

export const ROUTES: readonly Route[] = [
  { path: "/login", bare: "out", main: () => import("../pages/entry/LoginPage") },
  { path: "/register", bare: "out", main: () => import("../pages/entry/RegisterPage") },
  { path: "/forgot-password", bare: "anyone", main: () => import("../pages/entry/ForgotPasswordPage") },
  { path: "/reset-password", bare: "anyone", main: () => import("../pages/entry/ResetPasswordPage") },
  { path: "/verify-email", bare: "anyone", main: () => import("../pages/entry/VerifyEmailPage") },
  { path: "/unsubscribe", bare: "anyone", main: () => import("../pages/entry/UnsubscribePage") },

  { path: "/", section: "chats", side: chats },
  {
    path: "/c/:id/about",
    section: "chats",
    side: chats,
    main: withWords(["people"], () => import("../pages/group/GroupPage")),
  },
  { path: "/c/:id/:message?", section: "chats", side: chats, main: () => import("../pages/chat/ChatPage") },
  {
    path: "/new",
    section: "chats",
    side: chats,
    main: withWords(["people"], () => import("../pages/new/NewPage")),
  },
  {
    path: "/groups",
    section: "chats",
    side: chats,
    main: withWords(["people"], () => import("../pages/new/PublicGroupsPage")),
  },
  {
    path: "/invite/:token",
    section: "chats",
    main: withWords(["people"], () => import("../pages/new/InvitePage")),
  },

  { path: "/people", section: "people", side: people, main: person, seen: "side" },
  { path: "/people/requests", section: "people", side: people, main: person, seen: "side" },
  { path: "/people/:id", section: "people", side: people, main: person },
  {
    path: "/notifications",
    section: "notifications",
    main: withWords(["people", "draws", "play"], () => import("../pages/notifications/NoticesPage")),
  },
  { path: "/settings", section: "settings", side: settings, main: setting, seen: "side" },
  { path: "/settings/:page", section: "settings", side: settings, main: setting },

  { path: "/draws", section: "draws", main: withWords(["draws"], () => import("../pages/draws/DrawsPage")) },
  { path: "/check", section: "draws", main: withWords(["draws"], () => import("../pages/draws/CheckPage")) },
  {
    path: "/draws/:lottery",
    section: "draws",
    main: withWords(["draws"], () => import("../pages/draws/LotteryPage")),
  },
  {
    path: "/draws/:lottery/:number",
    section: "draws",
    main: withWords(["draws"], () => import("../pages/draws/DrawPage")),
  },
  {
    path: "/play/:part?",
    section: "play",
    main: withWords(["play"], () => import("../pages/play/PlayPage")),
  },
];
