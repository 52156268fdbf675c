"""One's own privacy over HTTP."""

from litestar import Controller, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from app.domain.accounts.guards import ActorRequest
from app.domain.social.schemas import PrivacyChange, PrivacySetting
from app.domain.social.services.privacy import Privacy
from app.resources import Sessions


class PrivacyController(Controller):
    path = "/api/users/privacy"
    tags = ("People",)

    @get()
    async def read_privacy(self, request: ActorRequest, sessions: NamedDependency[Sessions]) -> PrivacySetting:
        """Who may open a chat with you, and what others see of you."""
        me = request.user.id
        async with sessions() as session:
            return (await Privacy(session=session).of([me]))[me]

    @patch()
    async def change_privacy(
        self, data: JSONBody[PrivacyChange], request: ActorRequest, sessions: NamedDependency[Sessions]
    ) -> PrivacySetting:
        """Change what is given; what is left out stays. `direct_chats: null` goes back to the server's own setting."""
        async with sessions.begin() as session:
            return await Privacy(session=session).change(request.user.id, data)
