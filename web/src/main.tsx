/** The page begins. */

import "./styles/index.css";
import { render } from "preact";
import { followConversations } from "./chat/rooms";
import { keepCheckpoints } from "./draws/keeping";
import { speakPreferred } from "./i18n/i18n";
import { keepLive } from "./live/live";
import { begin } from "./session/session";
import { App } from "./shell/App";
import { followLinks } from "./shell/router";

async function start(): Promise<void> {
  followLinks();
  followConversations();
  keepCheckpoints();
  keepLive();
  await Promise.all([speakPreferred(), begin()]);
  render(<App />, document.body);
}

void start();
