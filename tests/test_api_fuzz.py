"""Schemathesis asks the running server everything that its own description allows, and much that it does not.

Whatever comes back is a status, a content type, headers and a body that the description has for that operation, and
never a 5xx. The cases are the same in every run.
"""

import os
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

import anyio
import pytest
from tests.conftest import Register
from tests.domain.files.samples import photo

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CASES = os.environ.get("FUZZ_CASES", "2")
"""For each operation, besides those that follow from its schema. `make fuzz` asks more."""

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "unsupported_method",
    "missing_required_header",
    "ignored_auth",
)
"""Not `allow_header_conformance`: Litestar's own answer to OPTIONS names one method of several. Not those that expect
every schema-valid body to be accepted either: a name may be taken, a token unknown."""

CONFIGURATION = """
[generation]
deterministic = true
no-shrink = true

[phases.stateful]
enabled = false

[[operations]]
include-operation-id = ["readConversation", "listMessages", "sendMessage", "readGroupSocket", "joinGroup",
                        "readGroup", "changeGroup", "listMembers", "listBans", "createInvite", "listInvites",
                        "listIncomingWebhooks", "createIncomingWebhook", "listOutgoingWebhooks"]
parameters = {{ "path.conversation_id" = {conversation} }}

[[operations]]
include-operation-id = ["openDirectChat"]
parameters = {{ "path.username" = "{friend}" }}

[[operations]]
include-operation-id = ["addMember", "muteMember", "changeRole", "removeMember"]
parameters = {{ "path.conversation_id" = {conversation}, "path.user_id" = {friend_id} }}

[[operations]]
include-operation-id = ["acceptFriend", "readPerson", "unblockPerson"]
parameters = {{ "path.user_id" = {friend_id} }}

[[operations]]
include-operation-id = ["readFile", "readThumbnail"]
parameters = {{ "path.file_id" = "{file}" }}

[[operations]]
include-operation-id = ["readAvatar"]
parameters = {{ "path.user_id" = {friend_id} }}

[[operations]]
include-operation-id = ["endSession"]
parameters = {{ "path.session_id" = "{no_session}" }}
"""
"""Things that are there, for operations that would otherwise find nothing to do; and not the fuzzer's own session.

Not `createOutgoingWebhook`: the worker would look for the hosts that the fuzzer makes up."""


async def fuzz(base_url: str, directory: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{base_url}/docs/openapi.json"]
    checks = ["--checks", ",".join(CHECKS), "--continue-on-failure", "--warnings", "off"]
    return await anyio.run_process([*command, *checks, *options], cwd=directory, check=False)


async def test_the_answers_to_somebody_are_as_described(base_url: str, player: Register, tmp_path: Path) -> None:
    fuzzer, friend = await player("fuzzer"), await player("friend")
    await friend.http.post("/api/friends/requests", json={"username": fuzzer.username})
    await fuzzer.http.post("/api/friends/requests", json={"username": friend.username})
    group = (await fuzzer.http.post("/api/chat/groups", json={"name": "Fuzzers"})).json()["id"]
    file = (await fuzzer.http.post("/api/files", content=photo())).json()["id"]
    theirs = (await friend.http.post("/api/files", content=photo())).json()["id"]
    await friend.http.put("/api/users/avatar", json={"file_id": theirs})
    configuration = CONFIGURATION.format(
        conversation=group, friend=friend.username, friend_id=friend.id, no_session=uuid4(), file=file
    )
    (tmp_path / "schemathesis.toml").write_text(configuration)

    # Logging out would make a stranger of everybody after it.
    options = [option for name in ("logOut", "endSessions") for option in ("--exclude-operation-id", name)]
    token = f"Authorization: Bearer {fuzzer.access}"
    result = await fuzz(base_url, tmp_path, "-n", CASES, "-H", token, *options)

    assert result.returncode == 0, (result.stdout + result.stderr).decode()
    assert (await fuzzer.http.get("/api/users/profile")).status_code == 200, "It became a stranger on the way"


async def test_the_answers_to_nobody_are_as_described(base_url: str, tmp_path: Path) -> None:
    """Where nobody has to log in; elsewhere `ignored_auth` has asked without a token already."""
    tags = ("Game", "Chat", "Groups", "Friends", "People", "Files", "Reports", "Moderation")
    guarded = [option for tag in tags for option in ("--exclude-tag", tag)]
    result = await fuzz(base_url, tmp_path, "--generation-deterministic", "--phases", "coverage", *guarded)
    assert result.returncode == 0, (result.stdout + result.stderr).decode()
