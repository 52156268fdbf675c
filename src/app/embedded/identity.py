"""Whom the servers run as. PostgreSQL refuses to run as root, so under root both run as `nobody`."""

import os
import pwd
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict

ROOT = 0
UNPRIVILEGED_USER = "nobody"


class ChildIdentity(TypedDict, total=False):
    """The arguments of subprocess.Popen that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Identity:
    """A user and group, or, without them, our own."""

    uid: int | None = None
    gid: int | None = None

    def of_child(self) -> ChildIdentity:
        if self.uid is None or self.gid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    @cached_property
    def effective_uid(self) -> int:
        return os.geteuid() if self.uid is None else self.uid

    def make_private(self, directory: Path) -> None:
        """Create a directory that only this user may enter. Raises PermissionError when it is another's."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = directory.lstat()
        if directory.is_symlink() or status.st_uid not in {os.geteuid(), self.effective_uid}:
            raise PermissionError(f"{directory} belongs to somebody else (uid {status.st_uid}); move it away")
        if self.uid is not None and self.gid is not None:
            os.chown(directory, self.uid, self.gid)
        directory.chmod(0o700)

    def can_enter(self, directory: Path) -> bool:
        """May this user pass through the directory and all above it? One without rights of its own goes as anybody."""
        return self.uid is None or all(place.stat().st_mode & 0o001 for place in [directory, *directory.parents])


OURSELVES = Identity()


def identity_of_servers() -> Identity:
    if os.geteuid() != ROOT:
        return OURSELVES
    account = pwd.getpwnam(UNPRIVILEGED_USER)
    return Identity(uid=account.pw_uid, gid=account.pw_gid)
