import { type Part, partsOf } from "../../chat/text";
import { person } from "../../people/people";
import { myId } from "../../session/session";
import type { Message } from "../../wire/shapes";

/** Text nodes, whatever somebody has typed. */
export function MessageText({ message }: { message: Message }) {
  const named = (message.mentions ?? []).map((id) => person(id)?.username.toLowerCase() ?? "");
  const own = person(myId.value)?.username.toLowerCase();
  return (
    <>
      {partsOf(message.content, new Set(named)).map((part, index) => (
        <Shape key={index} part={part} own={own} />
      ))}
    </>
  );
}

function Shape({ part, own }: { part: Part; own: string | undefined }) {
  if (part.kind === "link") {
    return (
      <a href={part.href} target="_blank" rel="noopener noreferrer nofollow">
        {part.text}
      </a>
    );
  }
  if (part.kind === "mention") {
    return (
      <span class={part.username.toLowerCase() === own ? "mention mention-own" : "mention"}>{part.text}</span>
    );
  }
  if (part.kind === "code") {
    return (
      <code class={part.block ? "code-block" : "code"} dir="ltr">
        {part.code}
      </code>
    );
  }
  return <>{part.text}</>;
}
