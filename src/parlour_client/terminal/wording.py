"""What is shown, as text. Whatever others have written is shown as it is, never as codes for the terminal."""

import re
from datetime import UTC, datetime
from unicodedata import category

from textual.content import Content

from parlour_client.answers import Person
from parlour_client.errors import Refused
from parlour_client.frames import Result
from parlour_client.happenings import Message
from parlour_client.terminal.rooms import Echo, Room

MARKS = {"sending": ("…", "dim"), "stored": ("✓", "$text-success"), "failed": ("✗", "$text-error")}
PRESENCE = {"online": ("● ", "$text-success"), "away": ("● ", "$text-warning")}
NOBODY = ("○ ", "dim")
AS_MANY_OR_MORE = 100
SIZES_FACTOR = 1024
LIMIT = re.compile(r"\d+")
"""In what the server says of a file that is too large."""
GROUPS_OWN = {
    "joined": "joined",
    "left": "left",
    "renamed": "renamed the group:",
    "topic_changed": "changed the topic:",
}


TURNING = {*map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)])}
"""Characters that let text run the other way, over what stands beside it."""


def printable(text: str) -> str:
    """Without the characters that move cursors or turn text around; line breaks stay."""
    return "".join("\N{REPLACEMENT CHARACTER}" if _commands(one) else one for one in text)


def _commands(character: str) -> bool:
    return character in TURNING or (category(character) == "Cc" and character != "\n")


def time_of(moment: datetime, now: datetime) -> str:
    """In the zone of this machine; with the day, unless that is today."""
    local = moment.astimezone()
    return f"{local:%H:%M}" if local.date() == now.astimezone().date() else f"{local:%d %b %Y %H:%M}"


def message_line(message: Message, me: int) -> Content:
    time = (f"{time_of(message.timestamp, datetime.now(UTC))} ", "dim")
    if message.kind == "withheld":
        return Content.assemble(time, ("A message is withheld from you.", "italic dim"))
    if message.kind:
        told = f"{message.sender} {GROUPS_OWN.get(message.kind, message.kind.replace('_', ' '))} {message.message}"
        return Content.assemble(time, (printable(told), "italic dim"))
    mine = message.sender_id == me
    name = (printable(message.sender) + " ", "bold $accent" if mine else "bold $primary")
    if message.deleted:
        return Content.assemble(time, name, ("deleted", "italic dim"))
    parts: list[str | tuple[str, str]] = [time, name, printable(message.message)]
    for one in message.attachments:
        parts += [f" [{printable(one.name)}, {size_of(one.size)}]", (f" /save {message.message_id}", "dim")]
    if message.card:
        parts.append((f" ⟦{printable(str(message.card.get('title') or message.card.get('kind')))}⟧", "$text-secondary"))
    if message.edited_at:
        parts.append((" (edited)", "dim"))
    parts += [f" {printable(emoji)} {len(people)}" for emoji, people in message.reactions.items()]
    if mine:
        parts += [" ", MARKS["stored"]]
    return Content.assemble(*parts)


def echo_line(echo: Echo, name: str) -> Content:
    parts: list[str | tuple[str, str]] = [("      ", ""), (f"{name} ", "bold $accent"), printable(echo.text)]
    if echo.file:
        parts.append(f"{' ' if echo.text else ''}[{printable(echo.file.name)}]")
    parts.append(" ")
    parts.append(MARKS[echo.state])
    if echo.state == "failed":
        parts.append((f" {printable(echo.why)} Ctrl+R tries again.", "$text-error"))
    return Content.assemble(*parts)


def transcript_rows(room: Room, me: Person) -> list[tuple[str, Content]]:
    """What was said, and what is on its way, by names that last."""
    said = [(f"m{number}", message_line(message, me.id)) for number, message in room.messages.items()]
    return said + [(f"e{echo.client_id}", echo_line(echo, me.username)) for echo in room.echoes]


def size_of(size: int) -> str:
    """In units of 1024, as the server's limits are."""
    amount, unit = float(size), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if amount < SIZES_FACTOR:
            break
        amount, unit = amount / SIZES_FACTOR, larger
    return f"{amount:.1f}".removesuffix(".0") + f" {unit}"


def why_not_sent(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"It cannot be read: {error.strerror or error}."
    limit = LIMIT.search(str(error)) if isinstance(error, Refused) and error.code == "file_too_large" else None
    return f"It is too large: {size_of(int(limit[0]))} are the most." if limit else str(error)


def room_line(room: Room, presence: str | None) -> Content:
    dot = PRESENCE.get(presence or "", NOBODY) if room.people else ("# ", "dim")
    count = f" {room.unread}" if room.unread < AS_MANY_OR_MORE else f" {AS_MANY_OR_MORE}+"
    unread = (count, "bold $text-warning") if room.unread else ""
    return Content.assemble(dot, (printable(room.title), "bold" if room.unread else ""), unread)


def typing_line(names: list[str]) -> str:
    if not names:
        return ""
    return f"{printable(', '.join(names))} {'is' if len(names) == 1 else 'are'} typing…"


def result_line(result: Result) -> str:
    if result.result == "lose":
        return f"{result.number} loses."
    return f"{result.number} wins {result.prize:.2f}!"
