"""What is the owner's or the group's, and what a request brings along."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.authorisation.answers import Role
from tests.authorisation.things import Things, made, new_name
from tests.authorisation.world import KEYS, NOBODY_LISTENS, OWN_SECRET
from tests.domain.files.samples import PDF, photo
from tests.people import Person

from app.domain.notices.services.notifications import Kind, Notice, NoticeBody, Notifications


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
async def lottery(things: Things) -> str:
    """Of two draws a day."""
    body = {"name": await new_name(things), "cadence": "minutes:720"}
    return str((await things.world.do(Role.STAFF, "POST /api/lottery/lotteries", body))["name"])


@made
async def epoch_of_the_actor(things: Things) -> int:
    """In dice. Everybody's epochs are their own; the numbers are the same."""
    actor = things.actor or things.world.cast[Role.STRANGER]
    return int((await things.world.ask(actor, "PUT /api/game/games/dice/epochs/1")).json()["epoch"])


@made
async def play_of_the_actor(things: Things) -> str:
    actor, name = things.actor or things.world.cast[Role.STRANGER], uuid4().hex
    headers = {"Authorization": f"Bearer {actor.access}", "Idempotency-Key": name}
    (await things.world.http.post("/api/game/play", json={"number": 842}, headers=headers)).raise_for_status()
    return name


@made
async def fresh_round(things: Things) -> int:
    """Begun by the owner, in a group with the cast in it: a group has room for few at a time."""
    return await things.world.new_round(await things.world.new_group())


@made
async def ballot(things: Things) -> str:
    """The owner's."""
    submitted = await things.world.do(Role.OWNER, "POST /api/lottery/ballots", {})
    return str(submitted["ballots"][0]["id"])


@made
async def today(_: Things) -> str:
    """The draw of which still takes ballots."""
    return datetime.now(UTC).date().isoformat()
