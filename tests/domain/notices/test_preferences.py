import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from tests.domain.notices.conftest import run

from app.domain.notices.schemas import DoNotDisturb, NotificationSetting, NotificationSettingChange
from app.domain.notices.services.preferences import Preferences
from app.errors import NotFound
from app.resources import Sessions
from app.zones import UnknownZone

if TYPE_CHECKING:
    from tests.domain.notices.conftest import Reader

pytestmark = pytest.mark.anyio
DEFAULTS = NotificationSetting(push=True, push_messages="all", do_not_disturb=None, zone="UTC", digest="off")


async def change(sessions: Sessions, reader: "Reader", **changes: Any) -> NotificationSetting:  # noqa: ANN401  any setting's value
    async with sessions.begin() as session:
        return await Preferences(session=session).change(reader.id, NotificationSettingChange(**changes))


async def test_the_defaults_are_those_of_the_table(ada: "Reader", sessions: Sessions) -> None:
    async with sessions() as session:
        assert await Preferences(session=session).of_user(ada.id) == DEFAULTS
    assert await change(sessions, ada) == DEFAULTS
    async with sessions() as session:
        assert await Preferences(session=session).of_user(ada.id) == DEFAULTS


async def test_what_is_left_out_of_a_change_stays(ada: "Reader", sessions: Sessions) -> None:
    night = DoNotDisturb(begins="22:30", ends="07:00")
    await change(sessions, ada, do_not_disturb=night, zone="Asia/Tokyo")
    changed = await change(sessions, ada, push_messages="none")
    assert (changed.do_not_disturb, changed.zone, changed.push_messages) == (night, "Asia/Tokyo", "none")
    assert (await change(sessions, ada, do_not_disturb=None)).do_not_disturb is None


async def test_two_devices_that_change_different_things_at_once_change_both(ada: "Reader", sessions: Sessions) -> None:
    await asyncio.gather(change(sessions, ada, push=False), change(sessions, ada, zone="Europe/Kyiv"))
    changed = await change(sessions, ada)
    assert (changed.push, changed.zone) == (False, "Europe/Kyiv")


async def test_a_zone_that_is_none_changes_nothing(ada: "Reader", sessions: Sessions) -> None:
    with pytest.raises(UnknownZone):
        await change(sessions, ada, push=False, zone="Europe/Atlantis")
    assert await change(sessions, ada) == DEFAULTS


async def test_a_conversation_is_muted_by_those_who_are_in_it(conversation: int, sessions: Sessions) -> None:
    alice, outsider = 1, 99
    until = datetime.now(UTC) + timedelta(hours=1)
    async with sessions.begin() as session:
        preferences = Preferences(session=session)
        await preferences.mute(alice, conversation, None)
        await preferences.mute(alice, conversation, until)
        assert [mute.until for mute in await preferences.mutes_of(alice, 10, 0)] == [until]
        for stranger in (preferences.mute(outsider, conversation, None), preferences.unmute(outsider, conversation)):
            with pytest.raises(NotFound):
                await stranger
        for _ in range(2):
            await preferences.unmute(alice, conversation)
        assert await preferences.mutes_of(alice, 10, 0) == []


async def test_who_has_left_can_still_unmute(conversation: int, sessions: Sessions) -> None:
    async with sessions.begin() as session:
        await Preferences(session=session).mute(1, conversation, None)
    await run(sessions, "UPDATE members SET left_at = now()")
    async with sessions.begin() as session:
        preferences = Preferences(session=session)
        await preferences.unmute(1, conversation)
        with pytest.raises(NotFound):
            await preferences.mute(1, conversation, None)
