"""What an API key may be used for. The tables are the whole of it: what stands in none of them is refused to every key.

Nothing of accounts, of security, of bots or of webhooks is in them, on purpose: a key that leaks must not be able to
make itself another.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.errors import Forbidden


class Scope(StrEnum):
    CONVERSATIONS_READ = "conversations:read"
    CONVERSATIONS_WRITE = "conversations:write"
    MESSAGES_READ = "messages:read"
    MESSAGES_WRITE = "messages:write"
    GAME = "game"


Held = frozenset[Scope] | None
"""What a credential may be used for; None for a person's own, which no scope limits."""

EVERY_KEY = frozenset({"read_own_bot", "everything_socket"})
"""Operations that need a key and no scope."""

OPERATIONS: Mapping[Scope, frozenset[str]] = {
    Scope.CONVERSATIONS_READ: frozenset(
        {
            "list_conversations",
            "read_conversation",
            "list_groups",
            "read_group",
            "read_group_socket",
            "list_members",
            "list_bans",
            "list_invites",
            "preview_invite",
            "read_presence",
            "read_conversation_presence",
            "read_avatar",
            "read_group_picture",
        }
    ),
    Scope.CONVERSATIONS_WRITE: frozenset(
        {
            "create_conversation",
            "open_direct_chat",
            "create_group",
            "change_group",
            "choose_group_picture",
            "drop_group_picture",
            "join_group",
            "leave_group",
            "add_member",
            "remove_member",
            "mute_member",
            "unmute_member",
            "ban_member",
            "unban_member",
            "create_invite",
            "revoke_invite",
            "accept_invite",
            "open_round",
            "cancel_round",
        }
    ),
    Scope.MESSAGES_READ: frozenset(
        {
            "list_messages",
            "list_events",
            "conversation_socket",
            "mark_read",
            "list_receipts",
            "count_unread",
            "read_attachment",
            "read_attachment_thumbnail",
            "search_messages",
        }
    ),
    Scope.MESSAGES_WRITE: frozenset(
        {
            "send_message",
            "share_play",
            "edit_message",
            "delete_message",
            "react",
            "unreact",
            "upload_file",
            "list_files",
            "read_file",
            "read_thumbnail",
            "delete_file",
        }
    ),
    Scope.GAME: frozenset(
        {
            "play",
            "play_game",
            "read_play",
            "read_proof",
            "list_plays",
            "list_epochs",
            "begin_epoch",
            "read_epoch",
            "read_statistics",
            "list_days",
            "game_socket",
            "list_rounds",
            "read_round",
            "pick",
            "list_places",
            "read_round_proof",
            "read_leaderboard",
            "read_leaderboard_around_me",
            "list_achievements",
        }
    ),
}
"""By the names of handlers, which are the operation ids of the API page, and of sockets, for opening them."""

FRAMES_OF_EVERY_KEY = frozenset({"authenticate", "presence", "ping"})

FRAMES: Mapping[Scope, frozenset[str]] = {
    Scope.CONVERSATIONS_READ: frozenset({"watch"}),
    Scope.MESSAGES_READ: frozenset({"subscribe", "unsubscribe", "resume", "read"}),
    Scope.MESSAGES_WRITE: frozenset({"send", "share", "edit", "delete", "react", "typing"}),
    Scope.GAME: frozenset({"play", "pick", "watch_leaderboards"}),
}
"""By the `type` of what a client sends on a socket."""


class MissingScope(Forbidden):
    code = "missing_scope"
    detail = "This API key has no scope that allows this."


def scopes_for(operation: str) -> frozenset[Scope]:
    """Any one of these allows it. None at all for what stands in no table."""
    return frozenset(scope for scope, operations in OPERATIONS.items() if operation in operations)


def check_operation(held: Held, operation: str) -> None:
    """Raises MissingScope."""
    if held is not None and operation not in EVERY_KEY and held.isdisjoint(scopes_for(operation)):
        raise MissingScope


def check_frame(held: Held, frame: str) -> None:
    """Raises MissingScope."""
    if held is None or frame in FRAMES_OF_EVERY_KEY:
        return
    if not any(frame in FRAMES.get(scope, ()) for scope in held):
        raise MissingScope


def holds(held: Held, scope: Scope) -> bool:
    return held is None or scope in held
