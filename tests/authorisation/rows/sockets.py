"""Every frame that a client may send, on `/ws` and on the two sockets of the documents.

What comes of it: the type of the answer, `error` with its code, `closed` with its code, or `silence`.
"""

from dataclasses import dataclass
from typing import Any

from tests.authorisation.answers import INSIDERS, Role

Outcomes = dict[Role, str]
HIDDEN = "error no_such_conversation"
HIDDEN_ROUND = "error no_such_round"
UNREACHABLE = "error not_reachable"


@dataclass(frozen=True)
class SocketRow:
    path: str
    frame: dict[str, Any]
    outcomes: Outcomes
    case: str = ""

    @property
    def name(self) -> str:
        kind = self.frame.get("type") or self.frame.get("action") or self.path.split("/")[2]
        return f"{kind} {self.case}".strip().replace(" ", "_")


def on_the_one(kind: str, outcomes: Outcomes, case: str = "", **fields: object) -> SocketRow:
    return SocketRow("/ws", {"type": kind, **fields}, outcomes, case)


def logged_in(outcome: str, **others: str) -> Outcomes:
    given = {Role(name): other for name, other in others.items()}
    return dict.fromkeys(Role, outcome) | {Role.ANONYMOUS: "closed 4401"} | given


def insiders(outcome: str, **others: str) -> Outcomes:
    return logged_in(HIDDEN, **dict.fromkeys(INSIDERS, outcome) | others)


IN_GROUP = {"conversation_id": "{group}"}
OF_TWO = {"conversation_id": "{direct}"}
ON_MESSAGE = {**IN_GROUP, "message_id": "{message}", "client_id": "{new_name}"}

ROWS = [
    on_the_one(
        "authenticate",
        dict.fromkeys(Role, "error other_account")
        | {
            Role.OWNER: "ready",
            Role.ANONYMOUS: "ready",
        },
        token="{access_of_the_owner}",
    ),
    on_the_one("subscribe", insiders("subscribed"), **IN_GROUP),
    on_the_one("subscribe", logged_in(HIDDEN, owner="subscribed", blocked="subscribed"), "of two", **OF_TWO),
    on_the_one("unsubscribe", logged_in("unsubscribed"), **IN_GROUP),
    on_the_one("resume", insiders("subscribed"), positions={"{group}": 0}),
    on_the_one("send", insiders("stored"), **IN_GROUP, message="nightingale", client_id="{new_name}"),
    on_the_one(
        "send",
        logged_in(HIDDEN, owner=UNREACHABLE, blocked=UNREACHABLE),
        "of two",
        **OF_TWO,
        message="hello",
        client_id="{new_name}",
    ),
    on_the_one("edit", insiders("error not_your_message", member="stored"), **ON_MESSAGE, message="nightingale"),
    on_the_one("delete", insiders("stored"), **ON_MESSAGE | {"message_id": "{fresh_message}"}),
    on_the_one("react", insiders("stored"), **ON_MESSAGE, emoji="\N{THUMBS UP SIGN}"),
    on_the_one("read", insiders("silence"), **IN_GROUP, message_id=1),
    on_the_one("play", logged_in("result"), number=842),
    on_the_one("play", logged_in("result"), "by name", game="number", move={"number": 842}),
    on_the_one("share", insiders("stored"), **IN_GROUP, play="{play_of_the_actor}", client_id="{new_name}"),
    on_the_one(
        "pick",
        logged_in(HIDDEN_ROUND, **dict.fromkeys(INSIDERS, "picked")),
        round_id="{round}",
        move={"side": "over", "chance": 50},
    ),
    on_the_one("typing", insiders("silence"), **IN_GROUP),
    on_the_one("presence", logged_in("silence"), state="away"),
    on_the_one("watch", logged_in("presence"), users=["{owner_id}"]),
    on_the_one("watch_leaderboards", logged_in("leaderboard"), boards=[{"period": "week"}]),
    on_the_one("ping", logged_in("pong")),
    SocketRow(
        "/ws/chat/{group}/",
        {"action": "send_message", "message": "nightingale"},
        logged_in("closed 4403", **dict.fromkeys(INSIDERS, "message")),
    ),
    SocketRow(
        "/ws/chat/{group}/",
        {"action": "retrieve_message", "number": 3},
        logged_in("closed 4403", **dict.fromkeys(INSIDERS, "messages")),
    ),
    SocketRow(
        "/ws/chat/{direct}/",
        {"message": "hello"},
        logged_in("closed 4403", owner="error", blocked="error"),
        "of two",
    ),
    SocketRow("/ws/game/", {"number": 842}, logged_in("result")),
]
