"""The OpenAPI document of the running server says what is true, and all of it."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

import app.asgi
import app.wire  # noqa: F401  so that every error there is has been declared
from app.aliases import ALIASES
from app.apidocs.document import REQUEST_ID
from app.apidocs.examples import EXAMPLES
from app.errors import type_of_code
from app.problems import PROBLEM_JSON

Json = dict[str, Any]

ON_SOCKETS_ONLY = {"unreadable_frame", "too_many_subscriptions", "other_account"}
BY_ANOTHER_NAME = {"forbidden"}
"""The general kind of what has names."""
WITHOUT_AN_OPERATION = {"method_not_allowed", "not_http", "head_too_long", "internal_error"}


@pytest.fixture(scope="session")
def document(base_url: str) -> Json:
    found: Json = httpx.get(f"{base_url}/docs/openapi.json").json()
    return found


@pytest.fixture(scope="session")
def operations(document: Json) -> list[Json]:
    return [operation for path in document["paths"].values() for operation in path.values()]


def refusals(document: Json, operation: Json) -> Iterator[tuple[str, Json]]:
    for status, response in operation["responses"].items():
        if status >= "400":
            name = response.get("$ref", "").rpartition("/")[2]
            yield status, document["components"]["responses"][name] if name else response


def test_it_is_valid_openapi(document: Json) -> None:
    OpenAPIV31SpecValidator(document).validate()


def test_every_operation_can_become_a_method_of_a_client(document: Json, operations: list[Json]) -> None:
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)*", name) for name in names)
    tags = {tag["name"] for tag in document["tags"]}
    for operation in operations:
        assert operation["summary"]
        assert operation["description"], operation["operationId"]
        assert set(operation["tags"]) <= tags


def test_every_refusal_is_a_problem_with_an_example(document: Json, operations: list[Json]) -> None:
    for operation in operations:
        for status, response in refusals(document, operation):
            if operation["tags"] == ["Operation"]:
                continue  # A health check answers 503 with what is wrong.
            assert response["content"].keys() == {PROBLEM_JSON}
            content = response["content"][PROBLEM_JSON]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}
            for code, example in content["examples"].items():
                assert (example["value"]["code"], example["value"]["status"]) == (code, int(status))


def test_what_may_be_refused_follows_from_what_is_asked(operations: list[Json]) -> None:
    for operation in operations:
        statuses = operation["responses"].keys()
        assert ("401" in statuses) >= bool(operation["security"])
        assert ("400" in statuses) >= ("requestBody" in operation or "parameters" in operation)
        assert {"413", "415"} <= statuses or "requestBody" not in operation
        paths = [parameter for parameter in operation.get("parameters", ()) if parameter["in"] == "path"]
        assert "404" in statuses or not paths
        assert {"429", "503"} <= statuses or operation["tags"] == ["Operation"]


def test_every_error_there_is_has_its_operation(document: Json, operations: list[Json]) -> None:
    described = {
        code
        for operation in operations
        for _, response in refusals(document, operation)
        for code in response.get("content", {}).get(PROBLEM_JSON, {}).get("examples", ())
    }
    assert type_of_code.keys() - described == (ON_SOCKETS_ONLY | BY_ANOTHER_NAME | WITHOUT_AN_OPERATION)


def has_example(document: Json, content: Json) -> bool:
    """Here, or where its schema points to. What is no JSON and no text is a file, which speaks for itself."""
    schema = content["schema"]
    if "example" in content or schema.get("format") == "binary" or schema.get("type") == "null":
        return True
    if schema.get("type") == "array":
        return has_example(document, {"schema": schema["items"]})
    if "oneOf" in schema:
        return all(has_example(document, {"schema": one}) for one in schema["oneOf"])
    name = schema.get("$ref", "").rpartition("/")[2]
    return bool(name) and "examples" in document["components"]["schemas"][name]


def test_every_request_and_every_answer_has_an_example(document: Json, operations: list[Json]) -> None:
    for operation in operations:
        for body in operation.get("requestBody", {"content": {}})["content"].values():
            assert has_example(document, body), f"what {operation['operationId']} takes"
        for status, response in operation["responses"].items():
            for media_type, body in response.get("content", {}).items():
                is_code = media_type == "text/x-python"
                assert is_code or has_example(document, body), f"{status} of {operation['operationId']}"


def test_every_operation_says_what_may_go_wrong(document: Json, operations: list[Json]) -> None:
    for operation in operations:
        fails = any(refusals(document, operation)) or operation["operationId"] == "checkLiveness"
        assert fails, operation["operationId"]


def test_examples_of_problems_do_not_name_the_request_that_asked_for_them(document: Json) -> None:
    ids = {
        example["value"]["request_id"]
        for response in document["components"]["responses"].values()
        for example in response["content"][PROBLEM_JSON]["examples"].values()
    }
    assert ids == {REQUEST_ID}


def test_who_need_not_log_in_is_told_so(document: Json) -> None:
    paths = document["paths"]
    assert paths["/api/users/login"]["post"]["security"] == []
    assert paths["/api/lottery/draws"]["get"]["security"] == []
    assert paths["/api/game/play"]["post"]["security"] == [{"bearer": []}, {"cookie": []}, {"key": ["game"]}]
    assert paths["/api/bots/me"]["get"]["security"] == [{"bearer": []}, {"cookie": []}, {"key": []}]
    assert paths["/api/users/profile"]["get"]["security"] == [{"bearer": []}, {"cookie": []}]


def test_a_body_with_an_unknown_field_does_not_fit_its_schema(document: Json, operations: list[Json]) -> None:
    for operation in operations:
        for body in operation.get("requestBody", {"content": {}})["content"].values():
            schema = body["schema"]
            for reference in schema.get("oneOf", [schema]):
                name = reference.get("$ref", "").rpartition("/")[2]
                assert not name or document["components"]["schemas"][name]["additionalProperties"] is False


def test_a_body_that_may_be_left_out_is_not_required(document: Json) -> None:
    assert document["paths"]["/api/lottery/ballots"]["post"]["requestBody"]["required"] is False
    assert document["paths"]["/api/game/play"]["post"]["requestBody"]["required"] is True


def test_limits_are_the_numbers_that_are_checked(document: Json) -> None:
    assert document["components"]["schemas"]["NumberMove"]["properties"]["number"]["maximum"] == 9999
    path = document["paths"]["/api/chat/conversations/{conversation_id}"]["get"]
    assert path["parameters"][0]["schema"] == {"type": "integer", "minimum": 1, "maximum": 2**63 - 1}


def test_a_choice_says_of_what_kind_it_is(document: Json) -> None:
    move = document["components"]["schemas"]["DiceMove"]["properties"]
    assert (move["side"]["type"], move["chance"]["type"]) == ("string", "integer")


def test_the_old_paths_are_not_on_the_page(document: Json) -> None:
    assert not document["paths"].keys() & ALIASES.keys()


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: type(example).__name__)
def test_an_example_passes_its_own_schema(example: msgspec.Struct) -> None:
    assert msgspec.json.decode(msgspec.json.encode(example), type=type(example)) == example
