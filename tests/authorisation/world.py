"""A group with its people, and what its owner has, on the running server. Set up once; rows leave it as it is."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from tests.authorisation.answers import Role
from tests.domain.files.samples import photo
from tests.people import Person, Registry

from app.domain.accounts.standing import StaffRole
from app.resources import Resources

GROUP_SECRET = "nightingale"
"""In the group's name, topic and messages: for its members alone."""
OWN_SECRET = "woodpecker"
"""In the names of what the owner has: for the owner alone."""
FIRST_NAME = "Goldcrest"
"""The owner's: for all but whom the owner has blocked."""

STANDING = {Role.STAFF: StaffRole.STAFF, Role.MODERATOR: StaffRole.MODERATOR}
KEYS = {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""Of the example in RFC 8291."""
NOBODY_LISTENS = "http://127.0.0.1:9"


@dataclass
class World:
    http: httpx.AsyncClient
    resources: Resources
    registry: Registry
    cast: dict[Role, Person]
    standing: dict[str, Any] = field(default_factory=dict)
    """Things by name, each of which is there as long as the world is."""

    @classmethod
    async def set_up(cls, http: httpx.AsyncClient, resources: Resources, registry: Registry) -> "World":
        roles = [role for role in Role if role is not Role.ANONYMOUS]
        names = {Role.OWNER: FIRST_NAME}
        people = [
            await registry.enter(role, STANDING.get(role, StaffRole.NONE), first_name=names.get(role, ""))
            for role in roles
        ]
        world = cls(http, resources, registry, dict(zip(roles, people, strict=True)))
        for role, person in world.cast.items():
            world.standing |= {f"{role}_id": person.id, f"{role}_name": person.username}
        await world.found_group()
        await world.talk()
        await world.fill_owners_hands()
        await world.block()
        await world.wait_for_export()
        return world

    async def ask(
        self,
        actor: Person | None,
        request: str,
        body: Any = None,  # noqa: ANN401  any JSON
    ) -> httpx.Response:
        method, path = request.split(" ")
        headers = {"Authorization": f"Bearer {actor.access}"} if actor else {}
        given = {"content": body} if isinstance(body, bytes) else {} if body is None else {"json": body}
        return await self.http.request(method, path, headers=headers, **given)

    async def do(self, role: Role, request: str, body: Any = None) -> Any:  # noqa: ANN401  any JSON
        """What has to succeed for a row to begin with."""
        answer = await self.ask(self.cast[role], request, body)
        assert answer.is_success, f"{role} {request}: {answer.text}"
        return answer.json() if answer.content and answer.headers["content-type"] == "application/json" else None

    async def new_group(self, *, joinable: bool = False, name: str = "Clockmakers") -> int:
        """With the cast in it as what they are."""
        people = [self.cast[role].id for role in (Role.ADMIN, Role.MEMBER, Role.EX_MEMBER)]
        wanted = {"name": name, "joinable": joinable, "participants": people}
        group = int((await self.do(Role.OWNER, "POST /api/chat/groups", wanted))["id"])
        members = f"/api/chat/groups/{group}/members"
        await self.do(Role.OWNER, f"PUT {members}/{people[0]}/role", {"role": "admin"})
        await self.do(Role.OWNER, f"DELETE {members}/{people[2]}")
        return group

    async def new_round(self, group: int) -> int:
        wanted = {"conversation_id": group, "game": "dice", "closes_in": 24 * 3600}
        return int((await self.do(Role.OWNER, "POST /api/game/rounds", wanted))["id"])

    async def say(self, role: Role, conversation: int, text: str = GROUP_SECRET, **others: object) -> int:
        path = f"/api/chat/conversations/{conversation}/messages"
        return int((await self.do(role, f"POST {path}", {"message": text, **others}))["id"])

    async def found_group(self) -> None:
        group = await self.new_group(name=GROUP_SECRET)
        hall = await self.new_group(joinable=True, name="Hall")
        invite = await self.do(Role.OWNER, f"POST /api/chat/groups/{hall}/invites", {})
        self.standing["round"] = await self.new_round(group)
        self.standing |= {"group": group, "hall": hall, "invite": invite["id"], "invite_token": invite["token"]}

    async def talk(self) -> None:
        group, blocked = self.standing["group"], self.cast[Role.BLOCKED].id
        picture = (await self.do(Role.MEMBER, f"POST /api/files?name={GROUP_SECRET}.jpg", photo()))["id"]
        direct = (await self.do(Role.OWNER, "POST /api/chat/conversations", {"participants": [blocked]}))["id"]
        framed = await self.do(Role.OWNER, "POST /api/files", photo())
        await self.do(Role.OWNER, f"PUT /api/chat/groups/{group}/picture", {"file_id": framed["id"]})
        self.standing |= {
            "owners_message": await self.say(Role.OWNER, group),
            "message": await self.say(Role.MEMBER, group, files=[picture]),
            "attachment": picture,
            "direct": direct,
            "picture": framed["id"],
            "direct_message": await self.say(Role.OWNER, direct, "Good bye"),
        }

    async def fill_owners_hands(self) -> None:
        group, owner = self.standing["group"], self.cast[Role.OWNER]
        files = [(await self.do(Role.OWNER, f"POST /api/files?name={OWN_SECRET}.jpg", photo()))["id"] for _ in "12"]
        await self.do(Role.OWNER, "PUT /api/users/avatar", {"file_id": files[1]})
        bot = await self.do(Role.OWNER, "POST /api/bots", {"username": f"bot-{uuid4().hex[:8]}", "name": OWN_SECRET})
        hooks = f"/api/chat/conversations/{group}/webhooks"
        incoming = await self.do(Role.OWNER, f"POST {hooks}/incoming", {"name": GROUP_SECRET})
        receiver = {"url": f"{NOBODY_LISTENS}/{GROUP_SECRET}", "events": ["message.deleted"]}
        outgoing = await self.do(Role.OWNER, f"POST {hooks}/outgoing", receiver)
        friend = await self.registry.enter("friend")
        await self.ask(friend, "POST /api/friends/requests", {"username": owner.username})
        await self.do(Role.OWNER, f"POST /api/friends/requests/{friend.id}/accept")
        await self.do(Role.OWNER, "POST /api/users/me/export")
        report = {"kind": "message", "conversation_id": group, "message_id": self.standing["message"], "reason": "spam"}
        self.standing |= {
            "file": files[0],
            "avatar": files[1],
            "bot": bot["id"],
            "incoming_webhook": incoming["id"],
            "hook_secret": incoming["url"].rsplit("/", 1)[1],
            "outgoing_webhook": outgoing["id"],
            "friend_name": friend.username,
            "report": (await self.do(Role.OWNER, "POST /api/reports", report))["id"],
            "play": uuid4().hex,
            "lucky_play": uuid4().hex,
        }
        await self.do(Role.OWNER, "PUT /api/game/games/dice/epochs/1")
        dice = {"side": "over", "chance": 50}
        for key, game, move in (("play", "number", {"number": 842}), ("lucky_play", "dice", dice)):
            headers = {"Authorization": f"Bearer {owner.access}", "Idempotency-Key": self.standing[key]}
            answer = await self.http.post(f"/api/game/games/{game}/plays", json=move, headers=headers)
            answer.raise_for_status()

    async def block(self) -> None:
        for role in (Role.OWNER, Role.MEMBER):
            await self.do(role, f"PUT /api/blocks/{self.cast[Role.BLOCKED].id}")

    async def wait_for_export(self) -> None:
        async with asyncio.timeout(30):
            while (await self.do(Role.OWNER, "GET /api/users/me/export"))["state"] != "ready":
                await asyncio.sleep(0.1)
