"""The client has its own declaration of what goes over the wire: here it is held against the server's."""

import json
import re
from pathlib import Path
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from tests.test_documentation import PROTOCOL, frames_in

from app.apidocs.frames import HEARD
from app.domain.chat.schemas.fields import LARGEST_ID
from app.domain.live.schemas import ClientFrame
from app.problems import ErrorFrame
from parlour_client import telling
from parlour_client.frames import Known, Other, hear
from parlour_client.positions import NOWHERE, RESUMED_AT_ONCE, Positions

FRAME_BYTES = 16 * 1024


def tag_of(frame: type[msgspec.Struct]) -> str:
    return str(frame.__struct_config__.tag)


THEIRS: tuple[type[msgspec.Struct], ...] = (*HEARD, ErrorFrame)
SERVERS = {tag_of(frame): frame for frame in THEIRS}
OURS = {tag_of(frame): frame for frame in get_args(Known)}
ONE_OF_EACH: list[Any] = [
    telling.Authenticate("a-token"),
    telling.Subscribe(1),
    telling.Subscribe(1, 7),
    telling.Unsubscribe(1),
    telling.Resume({1: 7, 2: 0}),
    telling.Send(1, "hello", "a"),
    telling.Send(1, "hello", "a", 7, ["019aa0f2-4c00-7c11-8a02-2f6d90b1c7e5"]),
    telling.Edit(1, 7, "hello", "a"),
    telling.Delete(1, 7, "a"),
    telling.React(1, 7, "👍", "a", on=False),
    telling.Typing(1),
    telling.Turn("away"),
    telling.Watch([1, 2]),
]


def required(frame: type[msgspec.Struct]) -> set[str]:
    return {field.encode_name for field in msgspec.structs.fields(frame) if field.required}


@pytest.mark.parametrize("kind", sorted(OURS))
def test_what_the_client_hears_has_the_fields_that_the_server_sends(kind: str) -> None:
    ours, theirs = OURS[kind], SERVERS[kind]
    assert set(ours.__struct_fields__) == set(theirs.__struct_fields__)
    assert required(ours) <= required(theirs), "what the server may leave out"
    assert {"timestamp", "expires_at"} & set(get_type_hints(ours)) == {"timestamp", "expires_at"} & set(
        get_type_hints(theirs)
    )


def test_whatever_the_protocol_shows_is_heard() -> None:
    heard = next(page for page in PROTOCOL.split("\n## ") if page.startswith("`/ws`: what you hear"))
    for line in frames_in(heard):
        frame, shown = hear(line), json.loads(line)
        if isinstance(frame, Other):
            assert (frame.type, frame.fields) == (shown["type"], shown)
        else:
            told = json.loads(msgspec.json.encode(frame))
            assert shown.items() <= told.items()


def test_frames_of_a_later_version_are_passed_on_and_new_fields_passed_over() -> None:
    assert hear('{"type":"waved","user_id":1}') == Other("waved", {"type": "waved", "user_id": 1})
    assert hear('{"type":"withheld","seq":1,"conversation_id":2,"until":"tomorrow"}') == hear(
        '{"type":"withheld","seq":1,"conversation_id":2}'
    )


@pytest.mark.parametrize("frame", ONE_OF_EACH, ids=lambda frame: type(frame).__name__)
def test_what_the_client_says_is_what_the_server_reads(frame: msgspec.Struct) -> None:
    """Which refuses unknown fields."""
    said = json.loads(msgspec.json.encode(frame))
    read = msgspec.json.decode(msgspec.json.encode(frame), type=ClientFrame)
    assert said.items() <= json.loads(msgspec.json.encode(read)).items()


def test_every_frame_that_the_client_can_say_is_tried_here() -> None:
    assert {type(frame) for frame in ONE_OF_EACH} == set(get_args(telling.Told))


@pytest.mark.anyio
async def test_a_thousand_positions_are_resumed_in_frames_that_fit() -> None:
    positions = Positions()
    for n in range(1000):
        positions.want(LARGEST_ID - n, LARGEST_ID).began.set_result(0)
    frames = list(positions.resumption())
    assert len(frames) == -(-1000 // RESUMED_AT_ONCE)
    assert max(len(msgspec.json.encode(frame)) for frame in frames) <= FRAME_BYTES


def test_a_position_that_is_not_known_yet_is_never_sent() -> None:
    assert NOWHERE < 0


PACKAGE = Path(hear.__code__.co_filename).parent


def test_it_imports_nothing_of_the_server() -> None:
    """As `.importlinter` says; a stranger who copies the directory has a whole client."""
    for file in PACKAGE.rglob("*.py"):
        assert not re.search(r"^\s*(from|import) app\b", file.read_text(), re.MULTILINE), file
