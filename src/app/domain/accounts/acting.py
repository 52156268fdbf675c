"""In whose name a request acts, for the audit log."""

from app.domain.accounts.guards import ActorRequest
from app.domain.audit.services import By
from app.ratelimits import client_address
from app.settings import Settings


def acting(request: ActorRequest, settings: Settings) -> By:
    return By(request.user.id, client_address(request, settings.trusted_proxies) or None)
