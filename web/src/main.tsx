/** The page begins. */

import "./styles/index.css";
import { render } from "preact";
import { followConversations } from "./chat/rooms";
import { keepCheckpoints } from "./draws/keeping";
import { speakPreferred } from "./i18n/i18n";
import { keepLive } from "./live/live";
import { followNotices } from "./notices/notices";
import { followTies } from "./people/circle";
import { begin } from "./session/session";
import { App } from "./shell/App";
import { followFocus } from "./shell/focus";
import { installWorker } from "./shell/installing";
import { followLinks } from "./shell/router";
import { followTheme } from "./shell/theme";

async function start(): Promise<void> {
  followLinks();
  followTheme();
  followFocus();
  followConversations();
  followTies();
  followNotices();
  keepCheckpoints();
  keepLive();
  await Promise.all([speakPreferred(), begin()]);
  render(<App />, document.body);
  installWorker();
}

void start();
