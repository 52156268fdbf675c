"""Who is suspended, and who has which role."""

from typing import Annotated

from litestar import Controller, Response, get, post, put
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter
from litestar.status_codes import HTTP_200_OK

from app.domain.accounts.acting import acting
from app.domain.accounts.guards import ActorRequest, Doorkeeper, moderators_only, staff_only
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import Outranked, StaffRole, Standing, UntilRefused
from app.domain.audit.services import Audit, Subject
from app.domain.moderation.controllers.reports import Before
from app.domain.moderation.rules import HISTORY_SHOWN, Action
from app.domain.moderation.schemas import Account, AccountHistory, Appointment, SuspensionOrder
from app.domain.moderation.services.queue import ReportQueue
from app.domain.moderation.services.showing import show_accounts, show_entries, show_reports
from app.domain.moderation.services.telling import Telling
from app.domain.notices.tasks.mail import ring_postman
from app.errors import NoSuchUser
from app.pages import Limit
from app.problems import refuses
from app.resources import Sessions
from app.settings import Settings

UserId = Annotated[int, PathParameter(ge=1, le=2**63 - 1)]
PartOfName = Annotated[
    str, QueryParameter(max_length=30, pattern=r"^[^\x00-\x1f\x7f]*\Z", description="A part of the username.")
]


class AccountController(Controller):
    path = "/api/moderation/users"
    tags = ("Moderation",)
    guards = (moderators_only,)

    @get()
    async def list_accounts(
        self,
        sessions: NamedDependency[Sessions],
        q: PartOfName = "",
        suspended: FromQuery[bool] = False,
        limit: Limit = 50,
        before: Before = None,
    ) -> list[Account]:
        """Accounts, the newest first; only the suspended with `suspended=true`."""
        async with sessions() as session:
            found = await Accounts(session=session).search(q=q, suspended=suspended, before=before, limit=limit)
            return await show_accounts(session, found)

    @get("/{user_id:int}", opt=refuses(NoSuchUser))
    async def read_account(
        self, user_id: UserId, request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> AccountHistory:
        """Somebody, with the latest reports about them and acts on them. Reports about yourself are for others."""
        async with sessions() as session:
            user = (await Accounts(session=session).people([user_id])).get(user_id)
            if user is None:
                raise NoSuchUser
            reports = await ReportQueue(session=session).about(user_id, request.user.id, HISTORY_SHOWN)
            acts = await Audit(session=session).entries(subject=Subject("user", user_id), limit=HISTORY_SHOWN)
            [account] = await show_accounts(session, [user])
            return AccountHistory(
                account=account,
                reports=await show_reports(session, reports),
                acts=await show_entries(session, acts),
            )

    @post("/{user_id:int}/suspend", status_code=HTTP_200_OK, opt=refuses(NoSuchUser, Outranked, UntilRefused))
    async def suspend_account(
        self,
        user_id: UserId,
        data: JSONBody[SuspensionOrder],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
    ) -> Response[Account]:
        """Suspend somebody whose role is below yours, or change until when and why they are.

        Their sessions end and their sockets are closed within five seconds. They are told the reason.
        """
        async with sessions.begin() as session:
            by = acting(request, settings)
            changed = await Standing(session, settings).suspend(by, user_id, until=data.until, reason=data.reason)
            if changed.anew:
                await Telling(session).reported(changed.user, Action.SUSPEND, data.reason, data.until)
            [account] = await show_accounts(session, [changed.user])
        doorkeeper.ended.note(changed.ended)
        return Response(account, background=BackgroundTask(ring_postman))

    @post("/{user_id:int}/lift", status_code=HTTP_200_OK, opt=refuses(NoSuchUser, Outranked))
    async def lift_suspension(
        self,
        user_id: UserId,
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
    ) -> Account:
        """Let somebody log in again at once."""
        async with sessions.begin() as session:
            changed = await Standing(session, settings).lift(acting(request, settings), user_id)
            [account] = await show_accounts(session, [changed.user])
        return account

    @put("/{user_id:int}/role", guards=[staff_only], opt=refuses(NoSuchUser, Outranked))
    async def appoint(
        self,
        user_id: UserId,
        data: JSONBody[Appointment],
        request: ActorRequest,
        sessions: NamedDependency[Sessions],
        settings: NamedDependency[Settings],
        doorkeeper: NamedDependency[Doorkeeper],
    ) -> Account:
        """Give somebody a role below your own: staff appoint moderators, superusers also staff.

        Who may do more has it with their next token; who may do less is logged out at once.
        """
        async with sessions.begin() as session:
            by = acting(request, settings)
            changed = await Standing(session, settings).appoint(by, user_id, StaffRole(data.role))
            [account] = await show_accounts(session, [changed.user])
        doorkeeper.ended.note(changed.ended)
        return account
