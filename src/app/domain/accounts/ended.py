"""Which sessions and API keys have ended.

Access tokens are not looked up anywhere, and keys are remembered for seconds, so this is what makes a logout or a
revocation take effect.
"""

import asyncio
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

import structlog
from sqlalchemy import text

from app.outages import is_outage
from app.resources import Sessions

POLL_SECONDS = 2.0
"""A session that ended in another process is refused here after this long at most, with Redis up or down."""

OVERLAP = timedelta(seconds=30)
"""How far each look reaches back behind the one before: an ending may be committed a while after its own time."""

ENDED = text("""
    SELECT id FROM login_sessions WHERE ended_at >= :since
    UNION ALL
    SELECT id FROM api_keys WHERE ended_at >= :since
    UNION ALL
    SELECT k.id FROM users gone
    JOIN users bot ON bot.id = gone.id OR bot.bot_owner_id = gone.id
    JOIN api_keys k ON k.bot_id = bot.id
    WHERE gone.deactivated_at >= :since OR (gone.suspended_until > now() AND gone.suspended_at >= :since)
""")
"""A bot's keys end with the bot and with its owner, and rest while one of them is suspended: whoever decides that need
not think of them. When a suspension is over, a key counts again as soon as it is forgotten here."""

Callback = Callable[[], None]
log = structlog.get_logger()


class EndedSessions:
    """One per API process: a set in memory, kept fresh from PostgreSQL by `run`."""

    def __init__(self, sessions: Sessions, access_token_seconds: int) -> None:
        self._sessions = sessions
        self._lifetime = timedelta(seconds=access_token_seconds)
        self._forget_at: dict[UUID, float] = {}
        self._watchers: dict[UUID, set[Callback]] = {}
        self._since: datetime | None = None

    def __contains__(self, session_id: UUID) -> bool:
        return session_id in self._forget_at

    def note(self, session_ids: Iterable[UUID]) -> None:
        """Refuse these from now on and tell who watches them. Call it after the commit that ended them."""
        forget_at = monotonic() + (self._lifetime + OVERLAP).total_seconds()
        for session_id in session_ids:
            if session_id not in self._forget_at:
                self._forget_at[session_id] = forget_at
                for callback in self._watchers.pop(session_id, ()):
                    callback()

    def watch(self, session_id: UUID, callback: Callback) -> None:
        """Call back once when the session ends; at once if it has. A socket closes itself with 4401 then."""
        if session_id in self:
            callback()
        else:
            self._watchers.setdefault(session_id, set()).add(callback)

    def unwatch(self, session_id: UUID, callback: Callback) -> None:
        watching = self._watchers.get(session_id, set())
        watching.discard(callback)
        if not watching:
            self._watchers.pop(session_id, None)

    async def run(self) -> None:
        """Look every two seconds, for as long as the process lives. An outage only delays the next look."""
        while True:
            try:
                await self.look()
            except Exception as error:
                if not is_outage(error):
                    log.exception("Looking for ended sessions failed")
            await asyncio.sleep(POLL_SECONDS)

    async def look(self) -> None:
        """Take in what has ended since the last look; the first one goes back as far as any token can live."""
        async with self._sessions() as session:
            now: datetime = (await session.execute(text("SELECT now()"))).scalar_one()
            since = self._since or now - self._lifetime
            self.note((await session.scalars(ENDED, {"since": since - OVERLAP})).all())
        self._since = now
        self._forget_the_old()

    def _forget_the_old(self) -> None:
        now = monotonic()
        for session_id in [known for known, forget_at in self._forget_at.items() if forget_at <= now]:
            del self._forget_at[session_id]
