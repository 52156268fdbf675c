"""What the connections are opened with."""

import pytest
from sqlalchemy import text

from app.resources import Sessions

pytestmark = pytest.mark.anyio


async def test_an_error_of_the_database_does_not_repeat_what_it_was_given(sessions: Sessions) -> None:
    async with sessions() as session:
        with pytest.raises(Exception, match="no_such_table") as raised:
            await session.execute(text("INSERT INTO no_such_table VALUES (:word)"), {"word": "a word of ada's"})
    assert "a word of ada's" not in str(raised.value)
