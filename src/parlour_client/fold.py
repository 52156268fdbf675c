"""What happens in a conversation, applied to what was read of it: in order, that gives what a fresh read gives."""

from msgspec.structs import replace

from parlour_client.happenings import Deleted, Edited, Happening, Message, Reacted, Unreacted, Withheld


def fold(messages: dict[int, Message], event: Happening) -> None:
    """By their numbers. Applying an event twice changes nothing, and one about a message that is not here neither."""
    if isinstance(event, Message):
        messages[event.message_id] = event
    elif not isinstance(event, Withheld) and (message := messages.get(event.message_id)):
        messages[event.message_id] = changed(message, event)


def changed(message: Message, change: Edited | Deleted | Reacted | Unreacted) -> Message:
    """The message after that; the one given stays as it is."""
    if message.deleted:
        return message
    match change:
        case Edited():
            return replace(message, message=change.message, mentions=change.mentions, edited_at=change.timestamp)
        case Deleted():
            return replace(message, message="", mentions=[], reactions={}, attachments=[], card=None, deleted=True)
        case Reacted() | Unreacted():
            return replace(message, reactions=_reactions(message.reactions, change))


def _reactions(before: dict[str, list[int]], change: Reacted | Unreacted) -> dict[str, list[int]]:
    """Who has reacted with what; emoji and people in the order in which they first came."""
    people = before.get(change.emoji, [])
    if isinstance(change, Unreacted):
        people = [one for one in people if one != change.actor_id]
    elif change.actor_id not in people:
        people = [*people, change.actor_id]
    return {emoji: those for emoji, those in {**before, change.emoji: people}.items() if those}
