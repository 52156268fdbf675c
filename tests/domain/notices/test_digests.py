import asyncio
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from pydantic import SecretStr
from sqlalchemy import select
from tests.domain.notices.conftest import run

from app.domain.notices.models import OutgoingMail
from app.domain.notices.postmen import SmtpPostman
from app.domain.notices.rules.digests import LISTED, UnsubscribeRefused
from app.domain.notices.schemas import NotificationSettingChange
from app.domain.notices.services.notifications import Notifications
from app.domain.notices.services.preferences import Preferences
from app.domain.notices.tasks.digests import write_digests
from app.domain.notices.unsubscribing import UnsubscribeTokens
from app.resources import Resources, Sessions

if TYPE_CHECKING:
    from tests.domain.notices.conftest import NewReader, Reader

pytestmark = pytest.mark.anyio
EIGHT = datetime(2030, 5, 6, 8, tzinfo=UTC)
"""A Monday."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
async def ada(ada: "Reader", sessions: Sessions) -> "Reader":
    """Wants a daily digest, since the evening before; has an address that is hers."""
    await run(sessions, "UPDATE users SET email = 'ada@example.org', email_verified_at = now()")
    await subscribe(sessions, ada, "daily")
    return ada


async def subscribe(sessions: Sessions, reader: "Reader", digest: str) -> None:
    async with sessions.begin() as session:
        change = NotificationSettingChange(digest=digest)  # type: ignore[arg-type]  # one of them
        await Preferences(session=session).change(reader.id, change)
    await run(sessions, "UPDATE notification_settings SET digested_at = :evening", evening=EIGHT - 12 * HOUR)


async def hear(reader: "Reader", moment: datetime, *keys: str) -> None:
    for key in keys:
        await reader.hear(key)
        await run(reader.sessions, "UPDATE notifications SET created_at = :at WHERE key = :key", at=moment, key=key)


async def mails(sessions: Sessions) -> list[OutgoingMail]:
    async with sessions() as session:
        return list(await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


async def test_what_is_unread_is_mailed_at_eight_and_once(
    ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    await hear(ada, EIGHT - HOUR, "m:1", "m:2")
    assert await write_digests(resources, EIGHT - timedelta(seconds=1)) == 0
    assert await write_digests(resources, EIGHT) == 1
    for later in (timedelta(), timedelta(minutes=15), HOUR, DAY - timedelta(seconds=1)):
        assert await write_digests(resources, EIGHT + later) == 0
    [mail] = await mails(sessions)
    assert (mail.recipient, mail.subject) == ("ada@example.org", "2 unread notifications at Parlour")
    assert mail.body.count("- grace mentioned you: Well, @you\n") == 2


async def test_the_next_digest_has_what_came_since_the_last(
    ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    await hear(ada, EIGHT - HOUR, "m:1")
    await write_digests(resources, EIGHT)
    assert await write_digests(resources, EIGHT + DAY) == 0, "nothing new is no mail"
    await hear(ada, EIGHT + DAY + HOUR, "m:2", "m:3")
    assert await write_digests(resources, EIGHT + 2 * DAY) == 1
    assert [mail.subject[0] for mail in await mails(sessions)] == ["1", "2"]


async def test_what_is_written_in_the_very_moment_is_in_the_next_one(
    ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    """Its transaction may not have been committed yet when the digest was made."""
    await hear(ada, EIGHT - HOUR, "m:1")
    await hear(ada, EIGHT - timedelta(seconds=20), "m:2")
    await write_digests(resources, EIGHT)
    await write_digests(resources, EIGHT + DAY)
    assert [mail.subject[0] for mail in await mails(sessions)] == ["1", "1"]


async def test_many_workers_write_a_digest_once(
    new_reader: "NewReader", ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    await hear(ada, EIGHT - HOUR, "m:1")
    written = await asyncio.gather(*(write_digests(resources, EIGHT + HOUR) for _ in range(5)))
    assert sum(written) == len(await mails(sessions)) == 1


async def test_a_weekly_digest_comes_on_monday(ada: "Reader", resources: Resources, sessions: Sessions) -> None:
    await subscribe(sessions, ada, "weekly")
    await write_digests(resources, EIGHT)
    for day in range(1, 8):
        await hear(ada, EIGHT + day * DAY - HOUR, f"m:{day}")
        assert await write_digests(resources, EIGHT + day * DAY) == (day == 7)


async def test_it_is_eight_by_the_readers_clock(ada: "Reader", resources: Resources, sessions: Sessions) -> None:
    await run(sessions, "UPDATE notification_settings SET zone = 'Asia/Kathmandu'")
    await hear(ada, EIGHT - 10 * HOUR, "m:1")
    eight_there = datetime(2030, 5, 6, 2, 15, tzinfo=UTC)
    assert await write_digests(resources, eight_there - timedelta(minutes=15)) == 0
    assert await write_digests(resources, eight_there) == 1


async def test_days_that_were_missed_are_made_good_by_one_mail(ada: "Reader", resources: Resources) -> None:
    for day in range(4):
        await hear(ada, EIGHT + day * DAY - HOUR, f"m:{day}")
    assert await write_digests(resources, EIGHT + 3 * DAY + HOUR) == 1
    assert await write_digests(resources, EIGHT + 3 * DAY + 2 * HOUR) == 0


async def test_who_has_read_everything_gets_no_mail(ada: "Reader", resources: Resources, sessions: Sessions) -> None:
    await hear(ada, EIGHT - HOUR, "m:1")
    async with sessions.begin() as session:
        await Notifications(session=session).mark_read(ada.id, up_to_id=2**62)
    assert await write_digests(resources, EIGHT) == 0


@pytest.mark.parametrize("change", ["email_verified_at = NULL", "email = NULL", "deactivated_at = now()"])
async def test_no_digest_goes_to_an_address_that_nobody_has_verified_or_to_an_account_that_is_off(
    change: str, ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    await hear(ada, EIGHT - HOUR, "m:1")
    await run(sessions, f"UPDATE users SET {change}")
    assert await write_digests(resources, EIGHT) == 0
    assert await mails(sessions) == []


async def test_a_long_absence_makes_no_long_mail(ada: "Reader", resources: Resources, sessions: Sessions) -> None:
    await hear(ada, EIGHT - HOUR, *(f"m:{n}" for n in range(LISTED + 3)))
    await write_digests(resources, EIGHT)
    [mail] = await mails(sessions)
    assert mail.body.count("- grace") == LISTED
    assert "- and 3 more\n" in mail.body


async def test_switching_them_on_does_not_mail_what_is_old(
    ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    await hear(ada, EIGHT - 30 * DAY, "m:1")
    assert await write_digests(resources, EIGHT) == 0


async def test_a_mail_program_can_unsubscribe_with_one_click(
    ada: "Reader", resources: Resources, sessions: Sessions
) -> None:
    await hear(ada, EIGHT - HOUR, "m:1")
    await write_digests(resources, EIGHT)
    [mail] = await mails(sessions)
    postman = SmtpPostman(host="", port=0, username=None, password=None, tls=False, sender="post@parlour.example")
    message = postman._message(mail)  # noqa: SLF001  what it would hand to a mail server
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = urlsplit(message["List-Unsubscribe"].strip("<>"))
    assert url.path == "/api/notifications/unsubscribe"
    [token] = parse_qs(url.query)["token"]
    assert UnsubscribeTokens(resources.settings).read(token) == ada.id
    shown = re.search(r"http\S+/#/unsubscribe/(\S+)", mail.body)
    assert shown
    assert shown[1] == token
    async with sessions.begin() as session:
        await Preferences(session=session).end_digests(ada.id)
    await hear(ada, EIGHT + HOUR, "m:2")
    assert await write_digests(resources, EIGHT + DAY) == 0


async def test_mail_that_somebody_needs_has_no_such_link(sessions: Sessions, ada: "Reader") -> None:
    postman = SmtpPostman(host="", port=0, username=None, password=None, tls=False, sender="post@parlour.example")
    mail = OutgoingMail(recipient="a@b.co", subject="x", body="x", created_at=EIGHT)
    assert postman._message(mail)["List-Unsubscribe"] is None  # noqa: SLF001  what it would hand to a mail server


async def test_a_link_is_good_for_its_reader_alone_and_outlives_a_change_of_keys(resources: Resources) -> None:
    old = resources.settings
    token = UnsubscribeTokens(old).issue(7)
    renewed = old.model_copy(update={"secret_key": SecretStr("k" * 64), "previous_secret_key": old.secret_key})
    assert UnsubscribeTokens(renewed).read(token) == 7
    stranger = old.model_copy(update={"secret_key": SecretStr("k" * 64)})
    key = old.secret_key.get_secret_value()
    forged = [
        UnsubscribeTokens(stranger).issue(7),
        jwt.encode({"sub": "7", "aud": "parlour"}, key, "HS256"),
        jwt.encode({"sub": "7"}, key, "HS256"),
        jwt.encode({"sub": "ada", "aud": "unsubscribe"}, key, "HS256"),
        jwt.encode({"sub": "7", "aud": "unsubscribe"}, "", "none"),
        token[:-4],
        "",
        "...",
    ]
    for wrong in forged:
        with pytest.raises(UnsubscribeRefused):
            UnsubscribeTokens(old).read(wrong)
