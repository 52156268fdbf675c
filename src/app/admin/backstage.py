"""What the panel's views work with: one per API process."""

from dataclasses import dataclass

from redis.asyncio import Redis

from app.domain.accounts.guards import Doorkeeper
from app.domain.presence.services.roll import Roll
from app.resources import Resources, Sessions
from app.settings import Settings


@dataclass(frozen=True)
class Backstage:
    resources: Resources
    doorkeeper: Doorkeeper
    roll: Roll

    @property
    def settings(self) -> Settings:
        return self.resources.settings

    @property
    def sessions(self) -> Sessions:
        return self.resources.sessions

    @property
    def redis(self) -> "Redis":
        return self.resources.redis
