"""Reports in the panel: read with a note in the log, decided once, and never about oneself."""

import pytest
from tests.admin.conftest import Desk, acts_on
from tests.clients import Player
from tests.conftest import Register

pytestmark = pytest.mark.anyio


async def report_of(ada: Player, ben: Player) -> tuple[int, int]:
    """Ada's report of what Ben has said, and the conversation that it was said in."""
    conversation = await ada.talk_to(ben)
    path = f"/api/chat/conversations/{conversation}/messages"
    await ada.http.post(path, json={"message": "Hello Ben"})
    said = (await ben.http.post(path, json={"message": "Buy <b>pills</b>"})).json()["id"]
    about = {"kind": "message", "conversation_id": conversation, "message_id": said, "reason": "spam"}
    return (await ada.http.post("/api/reports", json=about)).json()["id"], conversation


async def test_opening_a_report_shows_the_evidence_and_is_noted_once(mia: Desk, sue: Desk, player: Register) -> None:
    report, _ = await report_of(await player("ada"), await player("ben"))
    assert "pills" not in (await mia.read("reports/list")).text
    for _ in range(2):
        page = (await mia.read(f"reports/detail?pk={report}")).text
        assert "Buy &lt;b&gt;pills&lt;/b&gt;" in page
        assert "Hello Ben" in page
    assert await acts_on(sue.who, f"report:{report}") == ["read_report"]


async def test_a_removed_message_is_empty_for_its_readers(mia: Desk, sue: Desk, player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    report, conversation = await report_of(ada, ben)

    answer = await mia.act("reports", "decide", report, action="remove_message", note="No advertising.")

    assert answer.status_code == 200
    messages = (await ada.http.get(f"/api/chat/conversations/{conversation}/messages")).json()["messages"]
    assert (messages[-1]["content"], messages[-1]["deleted"]) == ("", True)
    assert await acts_on(sue.who, f"report:{report}") == ["resolve_report"]
    assert (await mia.read(f"reports/detail?pk={report}")).status_code == 404
    assert "remove_message by" in (await mia.read(f"decided/detail?pk={report}")).text


async def test_a_suspension_ends_the_sessions(mia: Desk, player: Register) -> None:
    ada, ben = await player("ada"), await player("ben")
    report, _ = await report_of(ada, ben)
    answer = await mia.act("reports", "decide", report, action="suspend", note="Twice", until="2030-01-01T00:00")
    assert answer.status_code == 200
    assert (await ben.http.get("/api/users/profile")).status_code == 401


async def test_the_first_decision_stands(mia: Desk, sue: Desk, player: Register) -> None:
    report, _ = await report_of(await player("ada"), await player("ben"))
    assert (await mia.act("reports", "decide", report, action="dismiss")).status_code == 200
    answer = await sue.act("reports", "decide", report, action="warn", note="Stop it")
    assert (answer.status_code, answer.json()["msg"]) == (400, f"{mia.who.username} has decided already: dismiss.")


async def test_a_report_about_oneself_is_not_there(mia: Desk, player: Register) -> None:
    ada = await player("ada")
    report = (
        await ada.http.post("/api/reports", json={"kind": "user", "user_id": mia.who.id, "reason": "hate"})
    ).json()
    assert (await mia.read(f"reports/detail?pk={report['id']}")).status_code == 404
    assert f'data-sa-pk="{report["id"]}"' not in (await mia.read("reports/list")).text
    assert (await mia.act("reports", "decide", report["id"], action="dismiss")).status_code == 400


@pytest.mark.parametrize(
    "fields", [{}, {"action": "warn"}, {"action": "suspend"}, {"action": "burn"}, {"action": "dismiss", "extra": "x"}]
)
async def test_a_decision_is_as_the_api_wants_it(mia: Desk, player: Register, fields: dict[str, str]) -> None:
    report, _ = await report_of(await player("ada"), await player("ben"))
    answer = await mia.act("reports", "decide", report, **fields)
    assert answer.status_code == 400
    assert (await mia.read(f"reports/detail?pk={report}")).status_code == 200
