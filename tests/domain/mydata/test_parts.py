"""No table that knows people is forgotten: neither when one's data is exported, nor when an account is erased."""

from app import migrating
from app.domain.mydata.services.parts import NOT_EXPORTED, PARTS, README
from app.domain.mydata.services.traces import KEPT, REMOVED_ELSEWHERE, TRACES


def tables_that_know_people() -> set[str]:
    return {"users"} | {
        table.name
        for table in migrating.metadata().sorted_tables
        for column in table.columns
        if column.name == "user_id" or any(key.column.table.name == "users" for key in column.foreign_keys)
    }


def test_every_table_that_knows_people_is_exported_or_says_why_not() -> None:
    exported = {table for part in PARTS for table in part.tables}
    assert exported | NOT_EXPORTED.keys() == tables_that_know_people()
    assert not exported & NOT_EXPORTED.keys()
    assert all(NOT_EXPORTED.values())


def test_every_part_is_in_the_table_of_contents() -> None:
    for part in PARTS:
        assert f"\n{part.name.partition('{}')[0]} " in README


def test_every_table_that_knows_people_is_erased_or_says_why_not() -> None:
    erased = {trace.table for trace in TRACES} | REMOVED_ELSEWHERE.keys()
    assert erased | KEPT.keys() == tables_that_know_people()
    assert not erased & KEPT.keys()
