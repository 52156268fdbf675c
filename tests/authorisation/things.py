"""Things that a request uses up, made anew for each that may have them.

Who is refused is tried on the one that stands: the rows after that find it unharmed, or fail.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from tests.authorisation.answers import INSIDERS, Role
from tests.authorisation.people import Person
from tests.authorisation.world import KEYS, NOBODY_LISTENS, OWN_SECRET, World
from tests.domain.files.samples import PDF, photo

from app.domain.accounts.models import User
from app.domain.accounts.proofs import MailedProofs, Purpose
from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications
from app.domain.notices.unsubscribing import UnsubscribeTokens

Make = Callable[["Things"], Awaitable[Any]]
MAKERS: dict[str, Make] = {}


def made(make: Make) -> Make:
    """A row may name what this makes as `{its_name}`."""
    MAKERS[make.__name__] = make
    return make


class Things:
    """Those of one request, by whoever asks. One that is named twice is the same."""

    def __init__(self, world: World, role: Role, actor: Person | None, *, refused: bool) -> None:
        self.world = world
        self.role = role
        self.actor = actor
        self.refused = refused
        self._made: dict[str, Any] = {}

    async def find(self, name: str) -> Any:  # noqa: ANN401  a number, a name, a UUID
        standing = self.world.standing
        if self.refused and name.removeprefix("fresh_") in standing:
            return standing[name.removeprefix("fresh_")]
        if name in standing:
            return standing[name]
        if name not in self._made:
            self._made[name] = await MAKERS[name](self)
        return self._made[name]

    async def absent(self, name: str) -> Any:  # noqa: ANN401  of the same kind as the thing
        """What is nobody's, in place of what the asker should know nothing of."""
        thing = await self.find(name)
        if name in {"hall", "bot_of_the_actor"} or (self.role in INSIDERS and name in {"group", "fresh_group"}):
            return thing
        if isinstance(thing, int):
            return 2**62 + thing
        try:
            UUID(str(thing))
        except ValueError:
            return f"no-{uuid4().hex[:12]}"
        return uuid4()


@made
async def fresh_group(things: Things) -> int:
    return await things.world.new_group()


@made
async def fresh_message(things: Things) -> int:
    """The member's, in the group."""
    return await things.world.say(Role.MEMBER, things.world.standing["group"])


@made
async def fresh_owners_message(things: Things) -> int:
    return await things.world.say(Role.OWNER, things.world.standing["group"])


@made
async def fresh_invite(things: Things) -> int:
    """Into the hall, by the owner."""
    path = f"/api/chat/groups/{things.world.standing['hall']}/invites"
    return int((await things.world.do(Role.OWNER, f"POST {path}", {}))["id"])


@made
async def newcomer(things: Things) -> int:
    return (await things.world.registry.enter("newcomer")).id


@made
async def newcomer_name(things: Things) -> str:
    return (await things.world.registry.enter("newcomer")).username


@made
async def new_name(_: Things) -> str:
    return f"new-{uuid4().hex[:12]}"


@made
async def own_session(things: Things) -> UUID:
    return (await things.world.registry.log_in_again(things.world.cast[Role.OWNER])).session_id


@made
async def access(things: Things) -> str:
    return (await things.world.registry.enter("somebody")).access


@made
async def refresh(things: Things) -> str:
    return (await things.world.registry.enter("somebody")).refresh


async def mailed(things: Things, purpose: Purpose) -> str:
    person = await things.world.registry.enter("reader")
    async with things.world.resources.sessions.begin() as session:
        user = await session.get_one(User, person.id)
        token = await MailedProofs(session=session).issue(user, str(user.email), purpose)
    assert token
    return token


@made
async def email_proof(things: Things) -> str:
    return await mailed(things, Purpose.VERIFY_EMAIL)


@made
async def reset_proof(things: Things) -> str:
    return await mailed(things, Purpose.RESET_PASSWORD)


@made
async def unsubscribe_token(things: Things) -> str:
    return UnsubscribeTokens(things.world.resources.settings).issue(things.world.cast[Role.STRANGER].id)


@made
async def suitor(things: Things) -> int:
    """Who has asked the owner to be friends."""
    person = await things.world.registry.enter("suitor")
    asked = {"username": things.world.cast[Role.OWNER].username}
    (await things.world.ask(person, "POST /api/friends/requests", asked)).raise_for_status()
    return person.id


@made
async def fresh_friend(things: Things) -> int:
    """The owner's."""
    person = await suitor(things)
    await things.world.do(Role.OWNER, f"POST /api/friends/requests/{person}/accept")
    return person


@made
async def fresh_file(things: Things) -> str:
    """The owner's, attached to nothing."""
    return str((await things.world.do(Role.OWNER, f"POST /api/files?name={OWN_SECRET}.pdf", PDF))["id"])


@made
async def fresh_picture(things: Things) -> str:
    return str((await things.world.do(Role.OWNER, f"POST /api/files?name={OWN_SECRET}.jpg", photo()))["id"])


@made
async def picture_of_the_actor(things: Things) -> str:
    actor = things.actor or things.world.cast[Role.STRANGER]
    return str((await things.world.ask(actor, "POST /api/files", photo())).json()["id"])


@made
async def fresh_bot(things: Things) -> int:
    """The owner's, in no group."""
    return await new_bot(things, things.world.cast[Role.OWNER])


@made
async def bot_of_the_actor(things: Things) -> int:
    return await new_bot(things, things.actor or things.world.cast[Role.STRANGER])


async def new_bot(things: Things, owner: Person) -> int:
    body = {"username": await new_name(things), "name": "A bot"}
    return int((await things.world.ask(owner, "POST /api/bots", body)).json()["id"])


@made
async def bot_in_the_group(things: Things) -> int:
    bot = await fresh_bot(things)
    await things.world.do(Role.OWNER, f"PUT /api/bots/{bot}/conversations/{things.world.standing['group']}")
    return bot


@made
async def key(things: Things) -> str:
    """Of the owner's bot."""
    body = {"name": await new_name(things), "scopes": ["game"]}
    return str((await things.world.do(Role.OWNER, f"POST /api/bots/{things.world.standing['bot']}/keys", body))["id"])


@made
async def fresh_incoming_webhook(things: Things) -> int:
    path = f"/api/chat/conversations/{things.world.standing['group']}/webhooks/incoming"
    return int((await things.world.do(Role.OWNER, f"POST {path}", {"name": await new_name(things)}))["id"])


@made
async def receiver(_: Things) -> str:
    return f"{NOBODY_LISTENS}/{uuid4().hex}"


@made
async def fresh_outgoing_webhook(things: Things) -> int:
    path = f"/api/chat/conversations/{things.world.standing['group']}/webhooks/outgoing"
    body = {"url": await receiver(things), "events": ["message.deleted"]}
    return int((await things.world.do(Role.OWNER, f"POST {path}", body))["id"])


@made
async def notification(things: Things) -> int:
    """The owner's."""
    owner, body = things.world.cast[Role.OWNER], NoticeBody(user_id=1, username="somebody", excerpt=OWN_SECRET)
    async with things.world.resources.sessions.begin() as session:
        notice = Notice(owner.id, uuid4().hex, Kind.MENTION, body)
        [notified] = await Notifications(session=session).notify([notice])
    return notified.notification.id


@made
async def device(things: Things) -> int:
    """The owner's."""
    subscription = {"endpoint": await receiver(things), "keys": KEYS}
    path = "/api/notifications/push/subscriptions"
    return int((await things.world.do(Role.OWNER, f"PUT {path}", subscription))["id"])


@made
async def fresh_report(things: Things) -> int:
    """About somebody new, by somebody new: there may be so many an hour."""
    reporter, reported = [await things.world.registry.enter(name) for name in ("reporter", "reported")]
    body = {"kind": "user", "user_id": reported.id, "reason": "spam"}
    return int((await things.world.ask(reporter, "POST /api/reports", body)).json()["id"])


@made
async def today(_: Things) -> str:
    """The draw of which still takes ballots."""
    return datetime.now(UTC).date().isoformat()
