"""A table to look at. It reads the columns that it names and no others, by a key, and no further than people look."""

from collections.abc import Sequence
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, load_only
from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.actions import ActionSelection
from starlette_admin.contrib.sqla import ModelView
from starlette_admin.exceptions import ActionFailed
from starlette_admin.export import BaseExporter
from starlette_admin.filters import FilterGroup
from starlette_admin.types import RequestAction, RowActionsDisplayType, RowActionsPosition
from starlette_admin.views import BaseModelView

from app.admin.backstage import Backstage
from app.admin.officers import officer
from app.domain.accounts.services import Accounts
from app.domain.accounts.standing import StaffRole
from app.errors import NotFound

REACH = 10_000
"""Rows of a table that can be paged to, and are counted. What lies deeper is found by searching."""

ID_DIGITS = 18
"""As many fit into PostgreSQL's `bigint` whatever they are."""


class Listing(ModelView):
    least: ClassVar[StaffRole] = StaffRole.STAFF
    """Who may look."""
    columns: ClassVar[Sequence[InstrumentedAttribute[Any]]] = ()
    """What is read. To touch another column of a row is an error, so that no secret is shown by mistake."""
    search_hint: ClassVar[str] = ""
    people: ClassVar[Sequence[str]] = ()
    """The columns that hold users' ids, whose names are shown."""

    actions: Sequence[str] | None = []
    row_actions: Sequence[str] | None = []
    row_actions_display_type = RowActionsDisplayType.KEBAB
    row_actions_position = RowActionsPosition.AFTER_COLUMNS
    exporters: Sequence[BaseExporter | str] = []
    importers = []  # noqa: RUF012  starlette-admin reads it from the class
    column_visibility = False
    page_size = 25
    page_size_options: Sequence[int] = [25, 100]
    searchable_fields: Sequence[str] | None = []
    sortable_fields: Sequence[str] | None = ["id"]
    fields_default_sort: Sequence[tuple[str, bool] | str] | None = [("id", True)]

    def __init__(self, backstage: Backstage) -> None:
        self.backstage = backstage
        super().__init__(self.model)

    def is_accessible(self, request: Request) -> bool:
        return officer(request).is_at_least(self.least)

    def can_create(self, request: Request) -> bool:
        return False

    can_edit = can_delete = can_export = can_import = can_create

    async def is_action_allowed(self, request: Request, name: str) -> bool:
        """Those alone that the view names: a list of what is forbidden would miss what the next version brings."""
        return name != "export" and name in (self.actions or ())  # It puts itself among them.

    async def is_row_action_allowed(self, request: Request, name: str) -> bool:
        return name in (self.row_actions or ())

    async def is_row_action_allowed_for_obj(self, request: Request, name: str, obj: Any) -> bool:  # noqa: ANN401  a row
        """What is offered is ours to say; whether it is done, the service's, to which doing it again is no error."""
        return request.state.action == RequestAction.ROW_ACTION or self.offers(request, name, obj)

    def offers(self, request: Request, name: str, row: Any) -> bool:  # noqa: ANN401  the same
        return True

    def get_list_query(self, request: Request) -> Select[Any]:
        return select(self.model).options(load_only(*self.columns, raiseload=True))

    def get_search_query(self, request: Request, term: str) -> ColumnElement[bool]:
        return false() if "\0" in term else self.search(term)

    def search(self, term: str) -> ColumnElement[bool]:
        """By what has an index, however large the table is."""
        raise NotImplementedError

    async def count(self, request: Request, q: str | None = None, filters: FilterGroup | None = None) -> int:
        found = self.get_list_query(request).with_only_columns(self.model.id)
        if q is not None:
            found = found.where(self.get_search_query(request, q))
        session: AsyncSession = request.state.session
        counted = await session.scalar(select(func.count()).select_from(found.limit(REACH).subquery()))
        return counted or 0

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = 100,
        q: str | None = None,
        sorts: Sequence[tuple[str, str]] | None = None,
        filters: FilterGroup | None = None,
    ) -> Sequence[Any]:
        if skip >= REACH:
            return []
        rows = await super().find_all(request, skip, limit, q, sorts, filters)
        return await self.prepare(request, rows)

    async def find_by_pk(self, request: Request, pk: Any) -> Any:  # noqa: ANN401  as in starlette-admin
        if not is_id(pk):
            return None
        row = await super().find_by_pk(request, pk)
        if row is None:
            return None
        [shown] = await self.prepare(request, [row])
        if request.state.action == RequestAction.DETAIL:
            await self.look_closer(request, int(pk))
        return shown

    async def prepare(self, request: Request, rows: Sequence[Any]) -> Sequence[Any]:
        """What is shown for these rows; here themselves, with the names of the people in them."""
        ids = {getattr(row, column) for row in rows for column in self.people} - {None}
        found = await Accounts(session=request.state.session).people(ids) if ids else {}
        request.state.names = {user.id: user.username for user in found.values()}
        return rows

    async def look_closer(self, request: Request, row_id: int) -> None:
        """Put into the request's state what the page of one row shows besides its columns."""

    async def handle_action(self, request: Request, selection: ActionSelection, name: str) -> Response | None:
        """Past `ModelView`'s, which tells what PostgreSQL said."""
        return await BaseModelView.handle_action(self, request, selection, name)

    async def handle_row_action(self, request: Request, pk: Any, name: str) -> Response | None:  # noqa: ANN401  the same
        if not is_id(pk):
            raise ActionFailed(NotFound.detail)
        return await BaseModelView.handle_row_action(self, request, pk, name)


def is_id(written: str | None) -> bool:
    return bool(written and written.isascii() and written.isdecimal() and len(written) <= ID_DIGITS)
