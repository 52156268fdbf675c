"""Alice and Bob talk, a stranger does not; two moderators decide about what is reported."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest
from tests.conftest import Newcomer

from app.domain.accounts.standing import StaffRole, Standing
from app.domain.audit.services import OPERATOR
from app.domain.chat.schemas.entries import Draft, Entry
from app.domain.chat.services.messages import Messages
from app.domain.moderation.models import Report
from app.domain.moderation.rules import Reason
from app.domain.moderation.schemas import MessageReport, UserReport
from app.domain.moderation.services.reports import Reports
from app.resources import Sessions
from app.settings import Settings

ALICE, BOB, STRANGER, MODERATOR, COLLEAGUE = 1, 2, 3, 4, 5

Record = Callable[..., Awaitable[None]]
File = Callable[..., Awaitable[Report]]


@pytest.fixture
def record(sessions: Sessions) -> Record:
    """What a worker does with entries."""

    async def record(*entries: Entry) -> None:
        async with sessions.begin() as session:
            outcomes = await Messages(session=session).record([msgspec.msgpack.encode(entry) for entry in entries])
        assert all(outcome.fact for outcome in outcomes)

    return record


@pytest.fixture
async def talk(conversation: int, newcomer: Newcomer, sessions: Sessions, settings: Settings, record: Record) -> int:
    """The conversation. Its message 2 is Bob's, with an insult in it."""
    for name in ("stranger", "moderator", "colleague"):
        await newcomer(name)
    async with sessions.begin() as session:
        for user in (MODERATOR, COLLEAGUE):
            await Standing(session, settings).appoint(OPERATOR, user, StaffRole.MODERATOR)
    await record(Draft(conversation, ALICE, "1", "hello"), Draft(conversation, BOB, "2", "an insult"))
    return conversation


@pytest.fixture
def file(sessions: Sessions) -> File:
    """Files a report, of the message 2 or of a person."""

    async def file(reporter: int, of: int, *, user: bool = False, **fields: str) -> Report:
        asked = (
            msgspec.convert({"kind": "user", "user_id": of, "reason": Reason.SPAM} | fields, UserReport)
            if user
            else msgspec.convert(
                {"kind": "message", "conversation_id": of, "message_id": 2, "reason": Reason.HATE} | fields,
                MessageReport,
            )
        )
        async with sessions.begin() as session:
            report, _ = await Reports(session=session).file(reporter, asked)
        return report

    return file
