from pathlib import Path
from typing import get_args

import pytest
from litestar.handlers import HTTPRouteHandler

from app import routes
from app.domain.accounts.scopes import (
    EVERY_KEY,
    FRAMES,
    FRAMES_OF_EVERY_KEY,
    OPERATIONS,
    MissingScope,
    Scope,
    check_frame,
    check_operation,
    holds,
)
from app.domain.live.schemas import ClientFrame

GUIDE = Path(__file__).parents[3] / "docs/guide/bots.md"


def operations() -> set[str]:
    """The names of all handlers there are, for HTTP and for sockets."""
    handlers = {
        name
        for controller in routes.HTTP
        for name, member in vars(controller).items()
        if isinstance(member, HTTPRouteHandler)
    }
    return handlers | {socket.handler_name for socket in routes.SOCKETS}


def test_every_operation_and_frame_in_the_tables_is_there() -> None:
    assert frozenset.union(EVERY_KEY, *OPERATIONS.values()) <= operations()
    frames = {str(frame.__struct_config__.tag) for frame in get_args(ClientFrame)}
    assert frozenset.union(FRAMES_OF_EVERY_KEY, *FRAMES.values()) <= frames


def test_no_key_reaches_accounts_sessions_bots_or_webhooks() -> None:
    allowed = frozenset.union(EVERY_KEY, *OPERATIONS.values()) - {"read_own_bot"}
    for word in ("profile", "password", "session", "ticket", "bot", "key", "hook", "secret", "friend"):
        assert not [name for name in allowed if word in name]


def test_what_stands_in_no_table_is_refused_to_a_key_with_all_scopes() -> None:
    for refused in ("change_password", "issue_socket_ticket", "something_new"):
        with pytest.raises(MissingScope):
            check_operation(frozenset(Scope), refused)
    with pytest.raises(MissingScope):
        check_frame(frozenset(Scope), "something_new")


def test_a_scope_allows_its_own_operations_and_no_others() -> None:
    check_operation(frozenset({Scope.MESSAGES_WRITE}), "send_message")
    check_frame(frozenset({Scope.MESSAGES_WRITE}), "send")
    with pytest.raises(MissingScope):
        check_operation(frozenset({Scope.MESSAGES_WRITE}), "list_messages")
    with pytest.raises(MissingScope):
        check_frame(frozenset({Scope.MESSAGES_WRITE}), "subscribe")
    assert not holds(frozenset({Scope.MESSAGES_WRITE}), Scope.MESSAGES_READ)


def test_no_scope_limits_a_person() -> None:
    check_operation(None, "change_password")
    check_frame(None, "something_new")
    assert holds(None, Scope.GAME)


def test_the_guide_lists_what_each_scope_allows() -> None:
    page = GUIDE.read_text()
    for scope in Scope:
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{scope}` |")]
        named = set(row.replace("`", "").replace(",", " ").replace("|", " ").split())
        assert {camel(one) for one in OPERATIONS[scope] if not one.endswith("_socket")} <= named
        assert FRAMES.get(scope, frozenset()) <= named


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
