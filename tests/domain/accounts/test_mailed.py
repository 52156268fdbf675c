import asyncio
import re
from typing import TYPE_CHECKING

import pytest
from httpx import Response
from sqlalchemy import select, text

from app.domain.notices.models import OutgoingMail
from app.resources import Sessions

if TYPE_CHECKING:
    from tests.domain.accounts.conftest import Web

pytestmark = pytest.mark.anyio
PASSWORD = "trombone-otter-41"
NEW_PASSWORD = "cello-badger-17"


async def newest_mail(sessions: Sessions) -> OutgoingMail:
    async with sessions() as session:
        return (await session.scalars(select(OutgoingMail).order_by(OutgoingMail.id.desc()).limit(1))).one()


def token_in(mail: OutgoingMail) -> str:
    found = re.search(r"http://localhost:8000/#/[a-z-]+/(\S+)", mail.body)
    assert found, mail.body
    return found[1]


async def forget(web: "Web", email: str = "ALICE@example.com") -> Response:
    answer = await web.client.post("/api/users/password/forgot", json={"email": email})
    assert answer.status_code == 202
    return answer


async def reset(web: "Web", token: str, password: str = NEW_PASSWORD) -> Response:
    return await web.client.post("/api/users/password/reset", json={"token": token, "new_password": password})


async def wait(sessions: Sessions, seconds: int) -> None:
    """Let every proof have been issued so much earlier."""
    async with sessions.begin() as session:
        await session.execute(
            text("""
                UPDATE mailed_proofs SET issued_at = issued_at - make_interval(secs => :seconds),
                                         expires_at = expires_at - make_interval(secs => :seconds)
            """),
            {"seconds": seconds},
        )


async def test_the_welcome_carries_a_link_that_verifies_the_address_once(web: "Web", sessions: Sessions) -> None:
    await web.register()
    mail = await newest_mail(sessions)
    assert (mail.recipient, mail.subject) == ("alice@example.com", "Welcome to Parlour")
    body = {"token": token_in(mail)}
    assert (await web.client.post("/api/users/email/verify", json=body)).status_code == 204
    answer = await web.client.post("/api/users/email/verify", json=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "proof_refused")
    bearer = {"authorization": f"Bearer {(await web.login())['access']}"}
    assert (await web.client.get("/api/users/profile", headers=bearer)).json()["email_verified"] is True


async def test_the_token_is_kept_nowhere_but_in_the_mail(web: "Web", sessions: Sessions) -> None:
    await web.register()
    token = token_in(await newest_mail(sessions))
    async with sessions() as session:
        stored = str((await session.execute(text("SELECT mailed_proofs::text FROM mailed_proofs"))).all())
    assert token not in stored


async def test_a_proof_says_nothing_about_an_address_that_was_changed_since(web: "Web", sessions: Sessions) -> None:
    await web.register()
    old_link = token_in(await newest_mail(sessions))
    async with sessions.begin() as session:
        await session.execute(text("UPDATE users SET email = 'new@example.com'"))
    assert (await web.client.post("/api/users/email/verify", json={"token": old_link})).status_code == 400


async def test_a_forgotten_password_is_set_anew_and_everyone_is_logged_out(web: "Web", sessions: Sessions) -> None:
    await web.register()
    tokens = await web.login()
    await forget(web)
    token = token_in(await newest_mail(sessions))
    refused = await reset(web, token, "password1")
    assert (refused.status_code, refused.json()["code"]) == (422, "password_refused")
    assert (await reset(web, token)).status_code == 204
    bearer = {"authorization": f"Bearer {tokens['access']}"}
    assert (await web.client.get("/api/users/profile", headers=bearer)).status_code == 401
    assert (await web.client.post("/api/users/token/refresh", json={"refresh": tokens["refresh"]})).status_code == 401
    assert await web.login(password=NEW_PASSWORD)
    assert (await reset(web, token)).status_code == 400


async def test_of_two_resets_at_once_one_succeeds(web: "Web", sessions: Sessions) -> None:
    await web.register()
    await forget(web)
    token = token_in(await newest_mail(sessions))
    answers = await asyncio.gather(*(reset(web, token) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 400, 400, 400]


async def test_a_reset_link_is_good_for_an_hour(web: "Web", sessions: Sessions) -> None:
    await web.register()
    await forget(web)
    token = token_in(await newest_mail(sessions))
    await wait(sessions, 3601)
    assert (await reset(web, token)).status_code == 400


async def test_a_verification_link_resets_no_password(web: "Web", sessions: Sessions) -> None:
    await web.register()
    assert (await reset(web, token_in(await newest_mail(sessions)))).status_code == 400


async def test_asking_for_an_unknown_address_answers_the_same_and_writes_nothing(
    web: "Web", sessions: Sessions
) -> None:
    await web.register()
    known, unknown = await forget(web), await forget(web, "nobody@example.com")
    assert known.content == unknown.content
    assert known.headers == unknown.headers
    async with sessions() as session:
        recipients = (await session.scalars(select(OutgoingMail.recipient))).all()
    assert recipients == ["alice@example.com"] * 2


async def test_asking_again_and_again_sends_one_mail_a_minute_and_voids_no_link(web: "Web", sessions: Sessions) -> None:
    await web.register()
    await forget(web)
    mail = await newest_mail(sessions)
    await forget(web)
    assert (await newest_mail(sessions)).id == mail.id
    await wait(sessions, 61)
    await forget(web)
    newer = await newest_mail(sessions)
    assert newer.id == mail.id + 1
    assert (await reset(web, token_in(mail))).status_code == 400
    assert (await reset(web, token_in(newer))).status_code == 204
