"""One story in real answers.

Written as the structs themselves, so that an example that no longer fits its schema does not even pass the type check.

story     when it happens, and whose password it takes
entering  John's account
talking   games, conversations, people
drawing   lotteries, ballots, draws, and what proves them
together  rounds, and plays that are shared
around    files, presence, notifications, bots, moderation
watching  what moderators, staff and machines see
told      what is said on the sockets
heard     what is heard there
"""

from msgspec import Struct

from app.apidocs.examples import around, drawing, entering, heard, talking, together, watching

EXAMPLES: tuple[Struct, ...] = (
    *entering.EXAMPLES,
    *talking.EXAMPLES,
    *drawing.EXAMPLES,
    *together.EXAMPLES,
    *around.EXAMPLES,
    *watching.EXAMPLES,
    *heard.EXAMPLES,
)
"""Of everything that goes over HTTP, and of what is heard on sockets, since some of it does both."""
