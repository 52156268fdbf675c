"""The AsyncAPI document of the running server says what is true of its sockets, and all of it."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from jsonschema import Draft7Validator
from jsonschema.validators import validator_for

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Of its models, two have a field named as a method of their base.
    from asyncapi3.models import AsyncAPI3

import app.routes
from app.apidocs.asyncapi import describe_sockets
from app.apidocs.examples import heard, told
from app.apidocs.frames import ANSWERS, SOCKETS, TOLD, name_of
from app.apidocs.tidying import Json
from app.domain.accounts.scopes import FRAMES, FRAMES_OF_EVERY_KEY
from app.domain.live.schemas import ClientFrame
from app.problems import read_frame

FRAMES_OF_SOCKETS = {frame for one in SOCKETS.values() for frame in (*one.told, *one.heard, one.error)}


@pytest.fixture(scope="session")
def document(base_url: str) -> Json:
    found: Json = httpx.get(f"{base_url}/docs/asyncapi.json").json()
    return found


def descendants(struct: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for one in struct.__subclasses__():
        yield one
        yield from descendants(one)


def is_frame(struct: type[msgspec.Struct]) -> bool:
    """Does it say its `type` in JSON? What has one in an array is on its way through the inbox."""
    config = struct.__struct_config__
    return config.tag is not None and config.tag_field == "type" and not config.array_like


def resolved(document: Json, reference: str) -> Json:
    found: Any = document
    for step in reference.removeprefix("#/").split("/"):
        found = found[step.replace("~1", "/")]
    assert isinstance(found, dict)
    return resolved(document, found["$ref"]) if found.keys() == {"$ref"} else found


def references(part: Any) -> Iterator[str]:  # noqa: ANN401  any JSON
    if isinstance(part, dict):
        yield from (one for name, one in part.items() if name == "$ref")
        part = list(part.values())
    if isinstance(part, list):
        for one in part:
            yield from references(one)


def test_it_is_valid_asyncapi(document: Json) -> None:
    AsyncAPI3.model_validate(document)
    for reference in references(document):
        assert resolved(document, reference), reference
    for schema in document["components"]["schemas"].values():
        Draft7Validator.check_schema(schema)
        assert validator_for(schema, default=Draft7Validator) is Draft7Validator


def test_it_says_nothing_that_only_later_versions_of_json_schema_know(document: Json) -> None:
    text = json.dumps(document["components"]["schemas"])
    for keyword in ("$defs", "prefixItems", "discriminator", "dependentRequired", "unevaluatedProperties"):
        assert f'"{keyword}"' not in text


def test_every_frame_of_the_code_is_in_it_and_no_other() -> None:
    ours = {one for one in descendants(msgspec.Struct) if one.__module__.startswith("app.") and is_frame(one)}
    assert ours == {frame for frame in FRAMES_OF_SOCKETS if is_frame(frame)}


def test_every_socket_of_the_application_is_in_it(document: Json) -> None:
    paths = {path.rstrip("/") for socket in app.routes.SOCKETS for path in socket.paths}
    described = {one["address"].rstrip("/").replace("}", ":int}") for one in document["channels"].values()}
    assert described == paths


def test_every_frame_is_described_and_has_an_example(document: Json) -> None:
    messages = document["components"]["messages"]
    assert messages.keys() == {frame.__name__ for frame in FRAMES_OF_SOCKETS}
    for name, message in messages.items():
        assert message["description"], name
        assert message["examples"], name


def test_every_frame_that_may_be_sent_has_its_operation_with_its_answers(document: Json) -> None:
    for key, (address, socket) in zip(document["channels"], SOCKETS.items(), strict=True):
        assert document["channels"][key]["address"] == address
        for frame in socket.told:
            operation = document["operations"][f"{key}_{name_of(frame)}"]
            answers = [one["$ref"].rpartition("/")[2] for one in operation["reply"]["messages"]]
            assert answers == [one.__name__ for one in (*ANSWERS[frame], socket.error)]
            assert set(ANSWERS[frame]) <= set(socket.heard)


def test_the_scopes_of_frames_are_those_that_are_checked(document: Json) -> None:
    for frame in TOLD:
        tag = name_of(frame)
        scopes = document["operations"][f"live_{tag}"].get("x-scopes", [])
        assert scopes == [scope for scope, tags in FRAMES.items() if tag in tags]
        assert bool(scopes) != (tag in FRAMES_OF_EVERY_KEY)


def test_every_example_fits_its_schema_and_no_other_frame_does(document: Json) -> None:
    for name, message in document["components"]["messages"].items():
        validator = Draft7Validator({"$ref": message["payload"]["$ref"], "components": document["components"]})
        for example in message["examples"]:
            validator.validate(example["payload"])
            if "type" in document["components"]["schemas"][name]["properties"]:
                assert not validator.is_valid({**example["payload"], "type": "stranger"})


def test_the_server_reads_every_example_of_what_is_sent_as_it_was_meant(document: Json) -> None:
    messages = document["components"]["messages"]
    for frame in {type(one) for one in told.EXAMPLES}:
        kind: Any = ClientFrame if frame in TOLD else frame
        decode = msgspec.json.Decoder(kind).decode
        read = [read_frame(decode, msgspec.json.encode(one["payload"])) for one in messages[frame.__name__]["examples"]]
        assert read == [one for one in told.EXAMPLES if type(one) is frame]


@pytest.mark.parametrize("frame", heard.EXAMPLES, ids=lambda frame: type(frame).__name__)
def test_every_example_of_what_is_heard_is_a_frame_of_its_kind(frame: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(frame), type=type(frame)) == frame


@pytest.mark.parametrize(
    ("url", "address"), [("https://a.example.org", "wss://a.example.org"), ("http://b:8000/", "ws://b:8000")]
)
def test_the_address_is_the_public_one(url: str, address: str) -> None:
    server = describe_sockets(url, "1")["servers"]["here"]
    assert f"{server['protocol']}://{server['host']}" == address
