"""The panel, put together: what is in its menu, and which of starlette-admin's routes there are at all."""

import hmac
from datetime import datetime
from hashlib import sha256

from sqlalchemy.ext.asyncio import async_sessionmaker
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.contrib.sqla import Admin
from starlette_admin.routing import route

from app.admin.audit import AuditLog
from app.admin.backstage import Backstage
from app.admin.draws import Draws
from app.admin.fields import written
from app.admin.games import Plays
from app.admin.lotteries import Lotteries
from app.admin.officers import BASE, Door
from app.admin.overview import Overview, Tasks
from app.admin.people import People
from app.admin.refusals import Refusals
from app.admin.reports import DecidedReports, OpenReports
from app.admin.talk import Conversations
from app.admin.templating import OUR_FILES, OUR_TEMPLATES, loaders
from app.resources import Resources, Sessions

LISTINGS = (People, OpenReports, DecidedReports, Conversations, Plays, Lotteries, Draws, AuditLog)

ROUTES = frozenset({"index", "list", "detail", "action", "row-action", "login", "logout", "static"})
"""The others create, edit, import, export or look up rows: none of it is for this panel."""


class Panel(Admin):
    @route("/_api/{key}/action", methods=["POST"], name="action")
    async def handle_action(self, request: Request) -> Response:
        if "name" not in request.query_params:
            raise HTTPException(400, "Say which action: `?name=`.")  # Otherwise a defect of theirs.
        answer: Response = await super().handle_action(request)
        return answer


def put_together(backstage: Backstage) -> Starlette:
    """To be asked for paths under `/admin`."""
    panel = Panel(
        readers(backstage.resources),
        title="Parlour",
        base_url=BASE,
        templates_dir=str(OUR_TEMPLATES),
        static_dir=str(OUR_FILES),
        additional_loaders=loaders(),
        index_view=Overview(backstage),
        auth_provider=Door(backstage),
        secret_key=secret_of(backstage),
        middlewares=[Middleware(Refusals, body_limit=backstage.settings.body_limit_bytes)],
        timezone_config=None,
    )
    for listing in LISTINGS:
        panel.add_view(listing(backstage))
    panel.add_view(Tasks())
    panel.routes = [one for one in panel.routes if one.name in ROUTES]
    templates = panel.templates.env
    templates.filters["moment"] = lambda time: written(time) if isinstance(time, datetime) else time
    templates.globals["renew_seconds"] = backstage.settings.access_token_seconds // 2
    house = Starlette()
    panel.mount_to(house)
    panel.app.state.templates = templates
    return house


def readers(resources: Resources) -> Sessions:
    """What starlette-admin is given: whatever it should try to write, PostgreSQL refuses."""
    return async_sessionmaker(resources.engine.execution_options(postgresql_readonly=True))


def secret_of(backstage: Backstage) -> str:
    """Signs the panel's own cookies: its CSRF token, and what it has to say on the next page."""
    return hmac.digest(backstage.settings.secret_key.get_secret_value().encode(), b"admin", sha256).hex()
