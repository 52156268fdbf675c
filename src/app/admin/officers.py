"""Who may enter: those in office, by the cookies of the browser client, or by a Bearer token. There is no other login.

The role is read for every request: whoever has lost it, or is suspended, is outside at once, whatever a token says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from litestar.connection import ASGIConnection
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.templating import Jinja2Templates
from starlette_admin.auth import AdminUser, BaseAuthProvider
from starlette_admin.helpers import index_url, safe_redirect_url

from app.admin.backstage import Backstage
from app.domain.accounts.controllers.cookies import clear_cookies
from app.domain.accounts.guards import SAFE_METHODS, NotModerator
from app.domain.accounts.login_sessions import LoginSessions
from app.domain.accounts.rules import outranks
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import StaffRole
from app.domain.audit.services import By
from app.errors import Forbidden, NotLoggedIn
from app.ratelimits import client_address

BASE = "/admin"
OPEN_TO_ALL = f"{BASE}/static/"
FOR_SCRIPTS = f"{BASE}/_api/"
"""What the pages' scripts ask is answered with an error where a page would lead to the login."""


@dataclass(kw_only=True)
class Officer(AdminUser):
    """Somebody in office, as of this request."""

    id: int
    role: StaffRole
    session_id: UUID
    by: By

    def is_at_least(self, role: StaffRole) -> bool:
        return not outranks(role, self.role)


def officer(request: Request) -> Officer:
    """Of a request that has been let in."""
    found: Officer = request.state.admin_user
    return found


class Door(BaseAuthProvider):
    def __init__(self, backstage: Backstage) -> None:
        super().__init__()
        self._backstage = backstage

    async def authenticate(self, request: Request) -> Officer | None:
        """None leads to the login page. Raises CrossSite; NotLoggedIn and NotModerator where no page was asked for."""
        path = request.scope["path"]
        if path.startswith(OPEN_TO_ALL):
            return None
        try:
            return await self._recognise(request)
        except (NotLoggedIn, NotModerator) as refusal:
            if request.method not in SAFE_METHODS or path.startswith(FOR_SCRIPTS):
                raise
            request.state.refusal = refusal
            return None

    async def _recognise(self, request: Request) -> Officer:
        """Raises NotLoggedIn, NotModerator, CrossSite."""
        connection = ASGIConnection(request.scope)  # type: ignore[var-annotated, arg-type]  # Starlette's types are wider
        actor = await self._backstage.doorkeeper.admit(connection)
        if actor.scopes is not None:
            raise NotModerator  # A key is a program's.
        async with self._backstage.sessions() as session:
            user = await Accounts(session=session).of_actor(actor.id)
        if user.is_suspended:
            raise NotLoggedIn
        if user.role == StaffRole.NONE:
            raise NotModerator
        address = client_address(connection, self._backstage.settings.trusted_proxies)
        return Officer(
            username=user.username,
            id=user.id,
            role=user.role,
            session_id=actor.session_id,
            by=By(user.id, address or None),
        )

    def get_routes(self, templates: Jinja2Templates) -> list[Route]:
        async def show_login(request: Request) -> Response:
            return self._show_login(request, templates)

        return [
            Route(self.login_path, show_login, methods=["GET"], name="login"),
            Route(self.logout_path, self._log_out, methods=["POST"], name="logout"),
        ]

    def _show_login(self, request: Request, templates: Jinja2Templates) -> Response:
        """Its form asks `POST /api/users/login`: one door, with one set of limits, words and cookies."""
        home = index_url(request)
        onward = safe_redirect_url(request.query_params.get("next") or home, request, home)
        if getattr(request.state, "admin_user", None):
            return RedirectResponse(onward, status_code=303)
        refusal = getattr(request.state, "refusal", None)
        refused = refusal.detail if isinstance(refusal, Forbidden) else ""
        context = {"onward": onward, "refused": refused, "origins": self._origins()}
        return templates.TemplateResponse(request, "login.html", context, status_code=403 if refused else 200)

    def _origins(self) -> Sequence[str]:
        return sorted(self._backstage.settings.origins)

    async def _log_out(self, request: Request) -> Response:
        """Ends the session, which the browser client may have opened: it is logged out as well."""
        leaving, settings = officer(request), self._backstage.settings
        async with self._backstage.sessions.begin() as session:
            ended = await LoginSessions(session, settings).end_one(leaving.id, leaving.session_id)
        self._backstage.doorkeeper.ended.note(ended)
        answer = RedirectResponse(index_url(request), status_code=303)
        answer.raw_headers.extend(cookie.to_encoded_header() for cookie in clear_cookies(settings))
        return answer
