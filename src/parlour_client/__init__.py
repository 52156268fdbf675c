"""A client of Parlour for asyncio programs: bots, tests, and the terminal client in it. It knows the protocol alone.

client      Client: log in, requests, plays, history
live        what is sent until it is stored, and heard once and in order; Client has it all
files       to the server from the disk, and back
outbox      sending again under the same name
positions   how far each conversation was heard, to resume from
socket      one line at a time, dialled anew when it is lost
api         requests with tokens that are renewed
reading     answers and refusals
fold        what happens in a conversation, applied to what was read of it
frames      what is heard on the socket
happenings  those of them that have a number in a conversation
telling     what is said on it
answers     what requests answer with
pauses      how long to wait before another attempt
errors      Refused, LoggedOut, Unreachable
terminal    a chat client for the terminal (the extra `terminal`)

docs/guide/python-client.md shows it at work, docs/protocol.md is what it keeps to.
"""

from parlour_client.answers import Ballots, Conversation, Person
from parlour_client.client import Client
from parlour_client.errors import LoggedOut, ParlourError, Refused, Unreachable
from parlour_client.frames import Disconnected, Event, Ready, Result, Stored
from parlour_client.happenings import Attachment, Deleted, Edited, Message, Reacted, Unreacted

__all__ = [
    "Attachment",
    "Ballots",
    "Client",
    "Conversation",
    "Deleted",
    "Disconnected",
    "Edited",
    "Event",
    "LoggedOut",
    "Message",
    "ParlourError",
    "Person",
    "Reacted",
    "Ready",
    "Refused",
    "Result",
    "Stored",
    "Unreachable",
    "Unreacted",
]
