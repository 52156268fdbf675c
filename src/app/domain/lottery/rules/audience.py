"""Who may take part: everyone, who has verified their email address, or the members of a group."""

EVERYONE = "everyone"
VERIFIED = "verified"
AUDIENCE = r"^(everyone|verified|group:[1-9][0-9]{0,17})\Z"


def group_of(audience: str) -> int | None:
    """The id of the group's conversation, for `group:5`."""
    return int(audience.removeprefix("group:")) if audience.startswith("group:") else None
