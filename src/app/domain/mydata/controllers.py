"""One's own data over HTTP: everything as one archive, and the end of the account."""

from collections.abc import AsyncIterator

from litestar import Controller, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody
from litestar.response import Stream
from litestar.status_codes import HTTP_200_OK, HTTP_202_ACCEPTED, HTTP_204_NO_CONTENT

from app.domain.accounts.guards import (
    ActorRequest,
    Doorkeeper,
    Passwords,
    TooManyLogins,
    WrongCredentials,
    WrongPassword,
    check_own_password,
)
from app.domain.mydata.rules import ExportNotReady, NoExport
from app.domain.mydata.schemas import AccountErasure, ExportView
from app.domain.mydata.services.erasures import Erasures
from app.domain.mydata.services.exports import Exports, view_of
from app.domain.mydata.tasks.erasures import erase_accounts
from app.domain.mydata.tasks.exports import export_data
from app.domain.mydata.tasks.ringing import ring
from app.problems import refuses
from app.ratelimits import RateLimits
from app.resources import Sessions

ZIP = "application/zip"


class ExportController(Controller):
    path = "/api/users/me/export"
    tags = ("My data",)

    @post(
        status_code=HTTP_202_ACCEPTED,
        responses={
            HTTP_200_OK: ResponseSpec(ExportView, generate_examples=False, description="The one that is there.")
        },
    )
    async def start_export(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> Response[ExportView]:
        """Ask for everything that is kept about you, as one ZIP archive.

        One at a time and one a day: asked again, it answers the export that is there with 200. Your sockets hear how
        far it is. It is kept for a week.
        """
        async with sessions.begin() as session:
            export, is_new = await Exports(session=session).start(request.user.id)
        return Response(
            view_of(export),
            status_code=HTTP_202_ACCEPTED if is_new else HTTP_200_OK,
            background=BackgroundTask(ring, export_data),
        )

    @get(opt=refuses(NoExport))
    async def read_export(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> ExportView:
        """How far your export is."""
        async with sessions() as session:
            return view_of(await Exports(session=session).of(request.user.id))

    @get("/download", media_type=ZIP, opt=refuses(NoExport, ExportNotReady))
    async def download_export(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> Stream:
        """The archive, for yourself alone."""
        async with sessions() as session:
            export = await Exports(session=session).ready(request.user.id)
        return Stream(
            pieces(sessions, export.id),
            media_type=ZIP,
            headers={
                "Content-Disposition": f'attachment; filename="parlour-{request.user.id}.zip"',
                "Content-Length": str(export.size),
                "Cache-Control": "no-store",
            },
        )


class ErasureController(Controller):
    path = "/api/users/me/erase"
    tags = ("My data",)

    @post(
        status_code=HTTP_204_NO_CONTENT,
        opt=refuses(WrongPassword, WrongCredentials, TooManyLogins),
    )
    async def erase_account(
        self,
        request: ActorRequest,
        data: JSONBody[AccountErasure],
        sessions: NamedDependency[Sessions],
        passwords: NamedDependency[Passwords],
        doorkeeper: NamedDependency[Doorkeeper],
        limits: NamedDependency[RateLimits],
    ) -> Response[None]:
        """Erase your account. At once and for good: there is no way back.

        All your sessions and sockets end. Your name, address, settings and friends are gone. What you wrote stays as
        that of a deleted account, or is deleted for everyone, as you choose. Draws that you took part in stay as they
        are, without your name. If you want a copy of your data, export it first.
        """
        user = await check_own_password(request, data.password, sessions, passwords, limits)
        async with sessions.begin() as session:
            ended = await Erasures(session=session).close_account(user, data.messages)
        doorkeeper.ended.note(ended)
        return Response(None, background=BackgroundTask(ring, erase_accounts))


async def pieces(sessions: Sessions, export_id: int) -> AsyncIterator[bytes]:
    """Each read by itself: a slow client holds no transaction open."""
    number = 0
    while True:
        async with sessions() as session:
            piece = await Exports(session=session).piece(export_id, number)
        if piece is None:
            return
        yield piece
        number += 1
