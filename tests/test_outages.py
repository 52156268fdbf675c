"""An outage is told from a defect by what PostgreSQL itself says, through all of SQLAlchemy's wrapping."""

import pytest
from sqlalchemy import text

from app.outages import is_outage
from app.resources import Sessions

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("sqlstate", "passing"),
    [
        ("57P01", True),  # the server shuts down
        ("57P03", True),  # the server starts: once, this refused somebody's message as not storable
        ("25P03", True),  # the transaction was silent for too long
        ("53300", True),  # too many connections
        ("53100", True),  # the disk is full
        ("40P01", True),  # a deadlock
        ("08006", True),  # the connection failed
        ("23505", False),  # a unique key is violated
        ("23503", False),  # a foreign key is violated
        ("22021", False),  # the text holds what UTF-8 cannot
        ("42601", False),  # our SQL is wrong
    ],
)
async def test_what_may_succeed_later_is_an_outage(sessions: Sessions, sqlstate: str, passing: bool) -> None:
    async with sessions() as session:
        with pytest.raises(Exception, match="as asked") as raised:
            await session.execute(text(f"DO $$ BEGIN RAISE 'as asked' USING ERRCODE = '{sqlstate}'; END $$"))
    assert is_outage(raised.value) is passing
