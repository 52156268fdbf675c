import asyncio
import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.message import Message
from email.policy import default as modern

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from sqlalchemy import select, text, update
from structlog.testing import capture_logs
from taskiq import InMemoryBroker, async_shared_broker

from app.domain.notices.models import OutgoingMail
from app.domain.notices.postmen import LogPostman, Postman, SmtpPostman, Undeliverable, postman_of
from app.domain.notices.rules.mail import MOST_ATTEMPTS
from app.domain.notices.services.mail import OutgoingMails
from app.domain.notices.tasks.mail import deliver_due, ring_postman
from app.resources import Resources, Sessions
from app.settings import Settings

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("clean")]


class Mailbox:
    """What a real SMTP server took in, or how it refuses."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(  # noqa: N802  aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        self.messages.append(message_from_bytes(content, policy=modern))
        return "250 OK"


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
async def smtp(mailbox: Mailbox, settings: Settings) -> AsyncIterator[Postman]:
    """A postman who hands in at a real SMTP server."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, enable_SMTPUTF8=True, loop=loop), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    changes = {"smtp_url": SecretStr(f"smtp://127.0.0.1:{port}"), "mail_from": "Parlour <post@parlour.example>"}
    yield postman_of(settings.model_copy(update=changes))
    server.close()
    await server.wait_closed()


async def write(sessions: Sessions, recipient: str = "alice@example.com", subject: str = "Hello") -> None:
    async with sessions.begin() as session:
        await OutgoingMails(session=session).write(recipient=recipient, subject=subject, body="Привіт!\nLine two\n")


async def only_row(sessions: Sessions) -> OutgoingMail:
    async with sessions() as session:
        return (await session.scalars(select(OutgoingMail))).one()


async def make_due(sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await session.execute(update(OutgoingMail).values(next_attempt_at=text("now()")))


async def test_a_mail_arrives_as_it_was_written_and_its_words_are_not_kept(
    sessions: Sessions, smtp: Postman, mailbox: Mailbox
) -> None:
    await write(sessions)
    assert await deliver_due(sessions, smtp) == 1
    [message] = mailbox.messages
    assert message["To"] == "alice@example.com"
    assert message["From"] == "Parlour <post@parlour.example>"
    assert message["Subject"] == "Hello"
    assert re.fullmatch(r"<1\.\d+@parlour\.example>", message["Message-ID"])
    assert message.get_content().splitlines() == ["Привіт!", "Line two"]  # type: ignore[attr-defined]  # the modern policy's class
    row = await only_row(sessions)
    assert (row.attempts, row.failed_at, row.body) == (1, None, "")
    assert row.sent_at
    assert await deliver_due(sessions, smtp) == 0


async def test_a_mail_whose_cause_was_rolled_back_is_not_sent(sessions: Sessions, smtp: Postman) -> None:
    async with sessions() as session:
        await OutgoingMails(session=session).write(recipient="a@b.co", subject="x", body="x")
        await session.rollback()
    assert await deliver_due(sessions, smtp) == 0


async def test_many_workers_at_once_send_each_mail_once(sessions: Sessions, smtp: Postman, mailbox: Mailbox) -> None:
    for n in range(12):
        await write(sessions, subject=f"Mail {n}")
    assert sum(await asyncio.gather(*(deliver_due(sessions, smtp) for _ in range(4)))) == 12
    assert sorted(message["Subject"] for message in mailbox.messages) == sorted(f"Mail {n}" for n in range(12))


async def test_a_mail_server_that_is_away_is_tried_again_later(sessions: Sessions) -> None:
    away = SmtpPostman(host="127.0.0.1", port=1, username=None, password=None, tls=False, sender="post@parlour.example")
    await write(sessions)
    assert await deliver_due(sessions, away) == 0
    first = await only_row(sessions)
    assert (first.attempts, first.sent_at, first.failed_at) == (1, None, None)
    assert await deliver_due(sessions, away) == 0
    assert (await only_row(sessions)).attempts == 1
    await make_due(sessions)
    await deliver_due(sessions, away)
    second = await only_row(sessions)
    assert second.attempts == 2
    assert second.next_attempt_at > first.next_attempt_at


async def test_after_enough_attempts_it_is_given_up_and_said_so(
    sessions: Sessions, smtp: Postman, mailbox: Mailbox
) -> None:
    mailbox.answer = "451 Try again later"
    await write(sessions)
    async with sessions.begin() as session:
        await session.execute(update(OutgoingMail).values(attempts=MOST_ATTEMPTS - 1))
    with capture_logs() as logs:
        await deliver_due(sessions, smtp)
    row = await only_row(sessions)
    assert (row.attempts, row.sent_at, row.body) == (MOST_ATTEMPTS, None, "")
    assert row.failed_at
    assert [(line["event"], line["log_level"]) for line in logs] == [("Mail given up", "error")]
    await make_due(sessions)
    assert await deliver_due(sessions, smtp) == 0


async def test_a_refusal_for_good_is_not_tried_again(sessions: Sessions, smtp: Postman, mailbox: Mailbox) -> None:
    mailbox.answer = "550 No such user"
    await write(sessions)
    await deliver_due(sessions, smtp)
    row = await only_row(sessions)
    assert row.attempts == 1
    assert row.failed_at


async def test_one_mail_that_cannot_leave_does_not_hold_up_the_others(sessions: Sessions) -> None:
    class Clumsy:
        async def carry(self, mail: OutgoingMail) -> None:
            if mail.subject == "heavy":
                raise ValueError("dropped it")

    for subject in ("heavy", "light"):
        await write(sessions, subject=subject)
    assert await deliver_due(sessions, Clumsy()) == 1


async def test_a_worker_that_dies_while_sending_leaves_the_mail_to_the_next_attempt(
    sessions: Sessions, smtp: Postman, mailbox: Mailbox
) -> None:
    class Dying:
        async def carry(self, _: OutgoingMail) -> None:
            raise asyncio.CancelledError

    await write(sessions)
    with pytest.raises(asyncio.CancelledError):
        await deliver_due(sessions, Dying())
    assert await deliver_due(sessions, smtp) == 0
    await make_due(sessions)
    assert await deliver_due(sessions, smtp) == 1


async def test_no_line_break_gets_into_a_header(sessions: Sessions, smtp: Postman, mailbox: Mailbox) -> None:
    await write(sessions, recipient="a@b.co\r\nBcc: all@b.co")
    assert await deliver_due(sessions, smtp) == 0
    assert mailbox.messages == []


async def test_a_password_is_never_sent_in_the_clear_over_a_network() -> None:
    settings = Settings(
        _env_file=None, DATABASE_URL="postgresql://x", REDIS_URL="redis://x", SECRET_KEY="x",
        smtp_url="smtp://user%40b.co:p%2Fw@mail.example:2525",
    )  # fmt: skip
    postman = postman_of(settings)
    assert isinstance(postman, SmtpPostman)
    assert (postman.username, postman.password, postman.port, postman.tls) == ("user@b.co", "p/w", 2525, False)
    assert postman.start_tls is True
    assert "p/w" not in repr(postman)


async def test_without_a_mail_server_mail_is_logged_with_its_words_only_while_developing(
    sessions: Sessions, settings: Settings
) -> None:
    assert postman_of(settings) == LogPostman(with_words=True)
    for with_words in (True, False):
        await write(sessions)
        with capture_logs() as logs:
            assert await deliver_due(sessions, LogPostman(with_words=with_words)) == 1
        assert ("Привіт" in str(logs)) is with_words
        assert "alice@example.com" in str(logs)


async def test_undeliverable_is_said_with_its_reason(smtp: Postman, mailbox: Mailbox, sessions: Sessions) -> None:
    mailbox.answer = "553 Not here"
    await write(sessions)
    with pytest.raises(Undeliverable, match="Not here"):
        await smtp.carry(await only_row(sessions))


@pytest.fixture
async def broker(resources: Resources) -> AsyncIterator[InMemoryBroker]:
    broker = InMemoryBroker()
    broker.state.resources = resources
    async_shared_broker.default_broker(broker)
    await broker.startup()
    yield broker
    await broker.shutdown()
    async_shared_broker.default_broker(None)  # type: ignore[arg-type]  # as it was before


async def test_ringing_makes_a_worker_send_what_is_due(broker: InMemoryBroker, sessions: Sessions) -> None:
    await write(sessions)
    await ring_postman()
    await broker.wait_all()
    assert (await only_row(sessions)).sent_at


async def test_a_bell_that_cannot_be_rung_is_no_trouble_for_whoever_rings() -> None:
    with capture_logs() as logs:
        await ring_postman()
    assert logs[0]["log_level"] == "warning"
