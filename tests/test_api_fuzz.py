"""Schemathesis asks the running server everything that its own description allows, and much that it does not.

Whatever comes back is a status, a content type and a body that the description has for that operation, and never a 5xx.
The cases are the same in every run.
"""

from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.generation.case import Case
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)
from schemathesis.specs.openapi.schemas import OpenApiSchema
from tests.clients import PASSWORD

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]
FUZZER = "fuzzer"


def described(base_url: str, **generation: Any) -> OpenApiSchema:  # noqa: ANN401  schemathesis's own settings
    given = {"generation": {"deterministic": True, **generation}}
    schema = schemathesis.openapi.from_url(
        f"{base_url}/docs/openapi.json", config=schemathesis.Config.from_dict(given)
    )
    schema.config.update(base_url=base_url)
    return schema


@pytest.fixture(scope="session")
def known_api(base_url: str) -> OpenApiSchema:
    return described(base_url, **{"max-examples": 10})


@pytest.fixture(scope="session")
def strange_api(base_url: str) -> OpenApiSchema:
    return described(base_url, **{"max-examples": 5})


@pytest.fixture(scope="session")
def access(base_url: str) -> str:
    with httpx.Client(base_url=base_url, timeout=10) as http:
        http.post("/api/users/register", json={"username": FUZZER, "password": PASSWORD}).raise_for_status()
        login = http.post("/api/users/login", json={"username": FUZZER, "password": PASSWORD})
    return str(login.json()["access"])


known = schemathesis.pytest.from_fixture("known_api").exclude(operation_id="logOut")
"""Logging out would make a stranger of everybody after it."""
strange = schemathesis.pytest.from_fixture("strange_api")


@known.parametrize()
def test_the_answers_to_somebody_are_as_described(case: Case, access: str) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {access}"}, checks=CHECKS)


@strange.parametrize()
def test_the_answers_to_nobody_are_as_described(case: Case) -> None:
    case.call_and_validate(checks=CHECKS)
