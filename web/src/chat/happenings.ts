/** What a group tells of itself, in words. */

import { hasWords, t } from "../i18n/i18n";
import { fully } from "../i18n/times";
import { calledById } from "../people/people";
import type { Message } from "../wire/shapes";
import { senderOf } from "./names";

export function happening(message: Message, me: number): string {
  if (message.kind === "withheld") return t("message.withheld");
  const subject = message.subject_id ?? 0;
  const values = {
    who: senderOf(message, me),
    whom: subject === me ? t("chat.you.object") : calledById(subject),
    what: message.kind === "muted" && message.content ? fully(message.content) : message.content,
  };
  // What somebody has done themselves takes another form of the verb, in languages that have one.
  const root = message.sender_id === me ? "happening.you" : "happening";
  const how = message.content ? "to" : "off";
  const said = [`${root}.${message.kind}.${how}`, `${root}.${message.kind}`].find(hasWords);
  // A kind that came later than this page.
  return said ? t(said, values) : t("happening.other", { who: values.who });
}
