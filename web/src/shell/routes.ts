/** Every page, and where it stands. A page is loaded when it is first shown.
 *
 * To add one: a row here, in `shell/places.ts` if it has a place in the bar, and a component under `pages/`.
 */

import type { ComponentType } from "preact";
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
  /** The left pane, which on a phone is the page itself when there is no `main`. */
  readonly side?: Load;
  readonly main?: Load;
}

const chats: Load = () => import("../pages/chats/ChatsPane");

export const ROUTES: readonly Route[] = [
  { path: "/login", bare: "out", main: () => import("../pages/entry/LoginPage") },
  { path: "/register", bare: "out", main: () => import("../pages/entry/RegisterPage") },
  { path: "/forgot-password", bare: "anyone", main: () => import("../pages/entry/ForgotPasswordPage") },
  { path: "/reset-password", bare: "anyone", main: () => import("../pages/entry/ResetPasswordPage") },
  { path: "/verify-email", bare: "anyone", main: () => import("../pages/entry/VerifyEmailPage") },
  { path: "/unsubscribe", bare: "anyone", main: () => import("../pages/entry/UnsubscribePage") },

  { path: "/", section: "chats", side: chats },
  { path: "/c/:id/:message?", section: "chats", side: chats, main: () => import("../pages/chat/ChatPage") },

  { path: "/draws", section: "draws", main: () => import("../pages/draws/DrawsPage") },
  { path: "/check", section: "draws", main: () => import("../pages/draws/CheckPage") },
  { path: "/draws/:lottery", section: "draws", main: () => import("../pages/draws/LotteryPage") },
  { path: "/draws/:lottery/:number", section: "draws", main: () => import("../pages/draws/DrawPage") },
  { path: "/play/:part?", section: "play", main: () => import("../pages/play/PlayPage") },
];
