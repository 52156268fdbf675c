"""API keys as one API process knows them: looked up in PostgreSQL, remembered for seconds."""

import asyncio
from time import monotonic

from app.domain.accounts.api_keys import FORM, ApiKeys, digest
from app.domain.accounts.schemas import Actor
from app.domain.accounts.scopes import Scope
from app.errors import NotLoggedIn
from app.resources import Sessions

KNOWN_SECONDS = 20.0
"""How long an answer is remembered. Shorter than EndedSessions remembers a revocation, which therefore always wins."""

KEYS_KNOWN = 10_000
LOOKUPS_AT_ONCE = 4
"""Of a process's connections to PostgreSQL. A flood of made-up keys slows other keys' first use, and nothing else."""


class KnownKeys:
    """One per API process."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._known: dict[bytes, tuple[Actor | None, float]] = {}
        self._lookups = asyncio.Semaphore(LOOKUPS_AT_ONCE)

    async def whose(self, key: str) -> Actor:
        """The bot of a key, with its scopes. Raises NotLoggedIn; and what PostgreSQL raises while it is away.

        Whether the key was revoked since it was looked up is not known here: EndedSessions knows, by the id that the
        actor has for its session.
        """
        if not FORM.fullmatch(key):
            raise NotLoggedIn
        fingerprint = digest(key)
        actor, until = self._known.get(fingerprint, (None, 0.0))
        if until < monotonic():
            async with self._lookups:
                actor = await self._look_up(key)
            self._remember(fingerprint, actor)
        if actor is None:
            raise NotLoggedIn("This API key is unknown, expired or revoked.")
        return actor

    async def _look_up(self, key: str) -> Actor | None:
        async with self._sessions.begin() as session:
            found = await ApiKeys(session=session).find(key)
        if found is None:
            return None
        return Actor(
            id=found.bot_id,
            username=found.username,
            session_id=found.id,
            is_staff=False,
            expires_at=found.expires_at,
            scopes=frozenset(map(Scope, found.scopes)),
        )

    def _remember(self, fingerprint: bytes, actor: Actor | None) -> None:
        if len(self._known) >= KEYS_KNOWN:
            self._known.clear()
        self._known[fingerprint] = (actor, monotonic() + KNOWN_SECONDS)
