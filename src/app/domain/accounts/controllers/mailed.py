"""What a mailed link leads to: a verified address, a forgotten password set anew."""

from typing import Any

import structlog
from litestar import Controller, Request, Response, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.status_codes import HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from app.domain.accounts import schemas
from app.domain.accounts.guards import Doorkeeper
from app.domain.accounts.hashing import Passwords, TooManyLogins
from app.domain.accounts.letters import Letters
from app.domain.accounts.login_sessions import LoginSessions
from app.domain.accounts.proofs import MailedProofs, Purpose
from app.domain.accounts.rules import PasswordRefused, ProofRefused
from app.domain.accounts.services import Accounts
from app.domain.notices.tasks.mail import ring_postman
from app.problems import refuses
from app.ratelimits import RateLimits
from app.resources import Sessions
from app.settings import Settings

log = structlog.get_logger()
AnyRequest = Request[Any, Any, Any]


class Mailed(Controller):
    path = "/api/users"
    tags = ("Accounts",)
    opt = {"exclude_from_auth": True}  # noqa: RUF012  Litestar reads it from the class

    @post("/email/verify", status_code=HTTP_204_NO_CONTENT, opt=refuses(ProofRefused))
    async def verify_email(
        self,
        data: JSONBody[schemas.EmailProof],
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        limits: NamedDependency[RateLimits],
    ) -> None:
        """Confirm an address with the token that was sent to it."""
        await limits.attempt(request)
        async with sessions.begin() as session:
            user = await MailedProofs(session=session).redeem(data.token, Purpose.VERIFY_EMAIL)
            await Accounts(session=session).mark_email_verified(user)

    @post("/password/forgot", status_code=HTTP_202_ACCEPTED)
    async def send_password_link(
        self,
        data: JSONBody[schemas.ForgottenPassword],
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        limits: NamedDependency[RateLimits],
    ) -> Response[schemas.Nothing]:
        """Have a link sent that sets a new password. The answer is the same whether or not there is such an account."""
        await limits.attempt(request, account=data.email)
        # After the answer, so that neither it nor its time tells whether the address is known.
        return Response(
            schemas.Nothing(), background=BackgroundTask(_send_reset_link, data.email, sessions, settings.public_url)
        )

    @post(
        "/password/reset",
        status_code=HTTP_204_NO_CONTENT,
        opt=refuses(ProofRefused, PasswordRefused, TooManyLogins),
    )
    async def reset_password(
        self,
        data: JSONBody[schemas.PasswordReset],
        request: AnyRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        passwords: NamedDependency[Passwords],
        doorkeeper: NamedDependency[Doorkeeper],
        limits: NamedDependency[RateLimits],
    ) -> Response[None]:
        """Set a new password with the token from the mail. All sessions end.

        A password that is refused leaves the token good.
        """
        await limits.attempt(request)
        async with sessions() as session:
            user = await MailedProofs(session=session).whose(data.token, Purpose.RESET_PASSWORD)
        password_hash = await passwords.choose(data.new_password, username=user.username, email=user.email)
        async with sessions.begin() as session:
            accounts = Accounts(session=session)
            user = await MailedProofs(session=session).redeem(data.token, Purpose.RESET_PASSWORD)
            await accounts.change_password(user, password_hash)
            await accounts.mark_email_verified(user)
            ended = await LoginSessions(session, settings).end_all(user.id)
            await Letters(session, settings.public_url).password_changed(user)
        doorkeeper.ended.note(ended)
        return Response(None, background=BackgroundTask(ring_postman))


async def _send_reset_link(email: str, sessions: Sessions, public_url: str) -> None:
    try:
        async with sessions.begin() as session:
            user = await Accounts(session=session).find_by_email(email)
            if user:
                await Letters(session, public_url).password_forgotten(user)
    except Exception:
        # The answer is out already, and must not have depended on this anyway.
        log.exception("A reset link could not be written")
        return
    await ring_postman()
