"""People, and proofs of who they are, that a request uses up."""

from uuid import UUID

from tests.authorisation.answers import Role
from tests.authorisation.things import Things, made

from app.domain.accounts.models import User
from app.domain.accounts.proofs import MailedProofs, Purpose
from app.domain.notices.unsubscribing import UnsubscribeTokens


@made
async def newcomer(things: Things) -> int:
    return (await things.world.registry.enter("newcomer")).id


@made
async def newcomer_name(things: Things) -> str:
    return (await things.world.registry.enter("newcomer")).username


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
async def access_of_the_owner(things: Things) -> str:
    return things.world.cast[Role.OWNER].access
