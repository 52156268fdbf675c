"""What is written in the place of a message, and is none: a line that begins with a slash."""

from dataclasses import dataclass


class NoCommand(Exception):
    """Such a line, and what is wrong with it. Two slashes say that it is a message."""


@dataclass
class LogOut:
    pass


Command = LogOut


def command_in(line: str) -> Command | str:
    """Or the message that it is. Raises NoCommand."""
    if not line.startswith("/"):
        return line
    if line.startswith("//"):
        return line[1:]
    name, _, rest = line[1:].partition(" ")
    match name, rest.strip():
        case "logout", "":
            return LogOut()
    raise NoCommand(f"There is no /{name} like that. What begins with // is said, with one slash.")
