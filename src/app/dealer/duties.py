"""A dealer's two duties. Each may be done as often as one likes: what is done is not done again."""

from collections.abc import Iterator
from datetime import datetime

from app.dealer.desk import Desk
from app.dealer.server import Dealer, Server
from app.dealer.trouble import Trouble
from app.dealer.watching import look


def commit(desk: Desk, server: Server, draws: int) -> Iterator[int]:
    """Hand in commitments for so many coming draws; yields the numbers of those that had none. Raises Trouble."""
    terms, hand = desk.terms, desk.hand
    found = server.dealers(terms.lottery)
    ours = next((dealer for dealer in found.dealers if dealer.name == terms.name), None)
    check_standing(ours, hand.public.hex())
    known = {number for span in (ours.committed if ours else ()) for number in range(span.first, span.last + 1)}
    for number in range(found.coming, found.coming + draws):
        if number not in known:
            commitment, signature = hand.commitment(number), hand.signature(number)
            server.commit(terms.lottery, number, terms.name, commitment=commitment, signature=signature)
            yield number


def check_standing(ours: Dealer | None, public_key: str) -> None:
    """Raises Trouble unless the operator has us as a dealer."""
    if ours is None:
        raise Trouble(f"The operator has not added you yet. Give them your public key: {public_key}")
    if ours.public_key != public_key:
        raise Trouble(f"The operator has another public key under your name. Give them yours: {public_key}")
    if ours.removed_at:
        raise Trouble("The operator has removed you: draws open without your commitment.")


def reveal(desk: Desk, server: Server, now: datetime) -> Iterator[int]:
    """Hand in the secrets of draws whose close is in the log; yields their numbers.

    A close that comes before its time, by this machine's clock, waits for it. Raises Trouble, for a secret that the
    server does not take after the others were handed in.
    """
    terms, hand = desk.terms, desk.hand
    seen = look(desk, server)
    troubles = []
    for open_id, opened in list(seen.closed.items()):
        if opened.closes_at > now.timestamp():
            continue
        try:
            server.reveal(terms.lottery, opened.number, terms.name, hand.secret(opened.number))
        except Trouble as trouble:
            troubles.append(str(trouble))
            continue
        del seen.closed[open_id]
        desk.keep(seen)
        yield opened.number
    if troubles:
        raise Trouble("\n".join(troubles))
