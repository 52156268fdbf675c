"""What a dealer's machine does, and what it refuses to do."""

import pytest
from tests.dealer.conftest import Dealing

from app.dealer.trouble import Trouble
from app.domain.lottery.services.holding import Holding

pytestmark = pytest.mark.anyio

BEGIN_THE_LOG_ANEW = "TRUNCATE log_records, checkpoints, tree_nodes, seed_chains"


async def test_a_dealer_commits_waits_for_the_close_and_reveals(dealing: Dealing) -> None:
    await dealing.be_added()
    assert await dealing.commit() == [2, 3, 4]
    assert await dealing.reveal() == []
    await dealing.close_next()
    assert await dealing.reveal() == [], "draw 2 has our commitment, and is open"
    await dealing.close_next()
    assert (await dealing.table.draw(2)).waiting_for == ["dealer alice"]
    assert await dealing.reveal() == [2]
    dealing.world.wait(minutes=1)
    assert [held.number for held in await dealing.world.reconcile()] == [2]
    assert await dealing.reveal() == []


async def test_what_is_done_is_not_done_again(dealing: Dealing) -> None:
    await dealing.be_added()
    assert await dealing.commit(2) == [2, 3]
    assert await dealing.commit(2) == []
    await dealing.close_next()
    assert await dealing.commit(2) == [4], "a draw later, one more"


async def test_secrets_of_days_without_a_run_are_made_good(dealing: Dealing) -> None:
    await dealing.be_added()
    await dealing.commit(5)
    for _ in range(4):
        await dealing.close_next()
    assert await dealing.reveal() == [2, 3, 4]


async def test_a_secret_that_is_not_taken_keeps_no_other_back(dealing: Dealing) -> None:
    await dealing.be_added()
    await dealing.commit(3)
    for _ in range(3):
        await dealing.close_next()
    await dealing.world.run("UPDATE dealer_commitments SET commitment = sha256(commitment) WHERE number = 2")
    with pytest.raises(Trouble, match="422, This is not the secret"):
        await dealing.reveal()
    assert [one.number for one in dealing.desk.seen.closed.values()] == [2]
    assert [one.state for one in await dealing.table.dealings(3)] == ["revealed"]


async def test_a_void_draw_asks_for_no_secret(dealing: Dealing) -> None:
    await dealing.be_added()
    await dealing.commit(3)
    for _ in range(3):
        await dealing.close_next()
    second = (await dealing.world.draws())[1]
    async with dealing.world.resources.sessions.begin() as session:
        await Holding(session, dealing.world.resources.settings).void(second.id, "a rehearsal", dealing.world.now)
    assert await dealing.reveal() == [3]


async def test_a_close_that_comes_before_its_time_waits_for_it(dealing: Dealing) -> None:
    await dealing.be_added()
    await dealing.commit()
    for _ in range(2):
        await dealing.close_next()
    assert await dealing.reveal(clock_behind=True) == []
    assert (await dealing.table.draw(2)).waiting_for == ["dealer alice"]
    assert await dealing.reveal() == [2]


async def test_a_log_that_was_begun_anew_gets_no_secret(dealing: Dealing) -> None:
    """Signed with the same key, and with a close of our draw in it: it is not the log that we saw."""
    await dealing.be_added()
    await dealing.commit()
    await dealing.close_next()
    assert await dealing.reveal() == []
    kept = dealing.desk.seen
    await dealing.world.run(BEGIN_THE_LOG_ANEW)
    await dealing.world.run("UPDATE draws SET open_id = NULL, close_id = NULL, frozen_at = NULL, drawn_at = NULL")
    await dealing.world.run("UPDATE draws SET attempts = 0, last_attempt_at = NULL")
    await dealing.world.run("UPDATE dealers SET added_at = added_at - interval '1 day'")
    await dealing.world.run(
        "INSERT INTO dealer_commitments SELECT dealer_id, 1, commitment, signature, committed_at"
        " FROM dealer_commitments WHERE number = 4"
    )
    dealing.world.wait(days=1)
    for _ in range(3):
        await dealing.world.reconcile()
        dealing.world.wait(minutes=1)
    with pytest.raises(Trouble, match=r"not the one that was seen before.*Nothing was revealed"):
        await dealing.reveal()
    assert (await dealing.table.draw(2)).waiting_for == ["dealer alice"]
    assert dealing.desk.seen == kept, "the proof is still there"


async def test_an_empty_log_after_a_full_one_is_refused(dealing: Dealing) -> None:
    assert await dealing.reveal() == []
    await dealing.world.run(BEGIN_THE_LOG_ANEW)
    with pytest.raises(Trouble, match="was not before"):
        await dealing.reveal()


async def test_a_log_with_another_key_is_refused(dealing: Dealing) -> None:
    settings = dealing.world.resources.settings
    kept = settings.signing_key
    vars(settings)["signing_key"] = bytes(32)
    try:
        with pytest.raises(Trouble, match="another key"):
            await dealing.reveal()
    finally:
        vars(settings)["signing_key"] = kept


async def test_an_operator_who_has_not_added_us_is_told_what_is_missing(dealing: Dealing) -> None:
    key = dealing.desk.hand.public.hex()
    with pytest.raises(Trouble, match=f"not added you yet.*{key}"):
        await dealing.commit()
    await dealing.table.seat("alice")
    with pytest.raises(Trouble, match=f"another public key.*{key}"):
        await dealing.commit()


async def test_who_was_removed_is_told_so(dealing: Dealing) -> None:
    await dealing.be_added()
    await dealing.table.unseat("alice")
    with pytest.raises(Trouble, match="removed you"):
        await dealing.commit()
