"""A group as docs/guide/groups.md describes it, in memory: what the real one is compared with."""

from dataclasses import dataclass, field

from app.domain.chat.roles import Act, BannedHere, NoSuchMember, NotAllowedHere, Role, may
from app.domain.chat.rules import NotAMember
from app.errors import AppError

ACT_OF = {
    "add": Act.INVITE,
    "remove": Act.REMOVE,
    "promote": Act.APPOINT,
    "demote": Act.APPOINT,
    "transfer": Act.TRANSFER,
    "mute": Act.MUTE,
    "unmute": Act.MUTE,
    "ban": Act.BAN,
    "lift": Act.BAN,
    "end": Act.END,
}
ON_NOBODY = {"add", "lift", "end"}
ON_WHO_IS_IN = {"promote", "demote", "transfer", "mute", "unmute"}


@dataclass
class Model:
    roles: dict[int, str]
    """Whoever is in it, in the order in which they came."""
    known: set[int]
    """And who has been."""
    banned: set[int] = field(default_factory=set)
    muted: set[int] = field(default_factory=set)
    told: list[str] = field(default_factory=list)
    """The kinds of its own messages."""

    def apply(self, verb: str, actor: int, target: int) -> type[AppError] | None:
        """What it is refused with, if it is; otherwise the group changes."""
        refused = self._refusal(verb, actor, target)
        if refused is None:
            getattr(self, verb)(actor, target)
        return refused

    def _refusal(self, verb: str, actor: int, target: int) -> type[AppError] | None:
        if verb == "join":
            shut = not self.roles or (actor in self.banned and actor not in self.roles)
            return NotAMember if shut else None
        if actor not in self.roles:
            return NotAMember
        if verb == "leave":
            return None
        there = self.known if verb == "remove" else self.roles.keys()
        if target not in there and verb in {*ON_WHO_IS_IN, "remove"}:
            return NoSuchMember
        return self._refusal_by_role(verb, actor, target)

    def _refusal_by_role(self, verb: str, actor: int, target: int) -> type[AppError] | None:
        if verb == "transfer" and self.roles[target] == "owner":
            return None
        over = None if verb in ON_NOBODY or target not in self.roles else Role(self.roles[target])
        if not may(Role(self.roles[actor]), ACT_OF[verb], over, members_may_invite=True):
            return NotAllowedHere
        return BannedHere if verb == "add" and target in self.banned - self.roles.keys() else None

    def join(self, actor: int, _: int) -> None:
        self._come(actor, "joined")

    def add(self, _: int, target: int) -> None:
        self._come(target, "added")

    def leave(self, actor: int, _: int) -> None:
        was_owner = self.roles[actor] == "owner"
        self._go(actor, "left")
        if not self.roles:
            self.told.append("ended")
        elif was_owner:
            admins = [one for one, role in self.roles.items() if role == "admin"]
            self.roles[[*admins, *self.roles][0]] = "owner"
            self.told.append("owner_changed")

    def remove(self, _: int, target: int) -> None:
        self._go(target, "removed")

    def ban(self, _: int, target: int) -> None:
        self.banned.add(target)
        self._go(target, "banned")

    def lift(self, _: int, target: int) -> None:
        self.banned.discard(target)

    def promote(self, _: int, target: int) -> None:
        self._become(target, "admin", "promoted")

    def demote(self, _: int, target: int) -> None:
        self._become(target, "member", "demoted")

    def transfer(self, actor: int, target: int) -> None:
        if self.roles[target] != "owner":
            self._become(actor, "admin", "owner_changed")
            self.roles[target] = "owner"

    def mute(self, _: int, target: int) -> None:
        if target not in self.muted:
            self.muted.add(target)
            self.told.append("muted")

    def unmute(self, _: int, target: int) -> None:
        if target in self.muted:
            self.muted.discard(target)
            self.told.append("unmuted")

    def end(self, _: int, __: int) -> None:
        self.roles.clear()
        self.told.append("ended")

    def _come(self, user: int, kind: str) -> None:
        if user not in self.roles:
            self.roles[user] = "member"
            self.known.add(user)
            self.told.append(kind)

    def _go(self, user: int, kind: str) -> None:
        if self.roles.pop(user, None):
            self.told.append(kind)

    def _become(self, user: int, role: str, kind: str) -> None:
        if self.roles[user] != role:
            self.roles[user] = role
            self.told.append(kind)
