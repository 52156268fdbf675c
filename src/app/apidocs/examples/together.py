"""A round in John's group, and a play that he shows around."""

from datetime import timedelta

from msgspec import Struct
from msgspec.structs import asdict

from app.apidocs.examples.story import NOON
from app.domain.chat.schemas import cards
from app.domain.chat.schemas import events as chat
from app.domain.game.schemas import plays as game
from app.domain.game.schemas import rounds

SEED = "6583d96bb9d4a51cb7adcf2b43d0ff4f300a9d94dc274c114356e43a3bf9feb0"
GENESIS = "b2fcfae2971cafc5a123e4d8b1e8794448e14dee8a9a979ecdb966144bf05a98"
ROOT = "cc531572f1e2524fd452f6d6373d2b9bad5d67002b32cd370cab9010f71c1eaf"
JOHN = "9cb7749397dae169ac7ea3f2b0e570cef790628a28aafa538c7913e14411e876"
SALT = "94f6ff82f891954e9e132eefe876afc033633d5235c99710e98be3242da6c63f"
IN_A_MINUTE = NOON + timedelta(minutes=1)

pick = rounds.PickOut(
    round_id=1,
    conversation_id=2,
    move={"side": "under", "chance": 80},
    idempotency_key="my-pick",
    picked_at=NOON + timedelta(seconds=5),
    player=JOHN,
    salt=SALT,
)

drawn = rounds.RoundOut(
    id=1,
    conversation_id=2,
    game="dice",
    title="Dice, over or under",
    state="drawn",
    opened_by=1,
    opened_at=NOON,
    closes_at=IN_A_MINUTE,
    picks=1,
    genesis=GENESIS,
    commitment=GENESIS,
    root=ROOT,
    seed=SEED,
    outcome={"roll": 27},
    ended_at=IN_A_MINUTE,
    cancelled_because=None,
)

first = rounds.Place(
    place=1,
    user_id=1,
    username="johndoe",
    move={"side": "under", "chance": 80},
    player=JOHN,
    result="win",
    prize=1.25,
)

shared = cards.PlayCard(
    play_id=7,
    game="number",
    title="The number game",
    move={"number": 842},
    outcome={"percent": 50},
    result="win",
    prize=421.0,
    played_at=NOON,
)

told = cards.RoundCard(
    round_id=1,
    game="dice",
    title="Dice, over or under",
    state="drawn",
    closes_at=IN_A_MINUTE,
    commitment=GENESIS,
    picks=1,
    root=ROOT,
    seed=SEED,
    outcome={"roll": 27},
    top=[cards.Placing(1, 1, 1.25)],
)

proof = rounds.RoundProof(
    format="fairdraw-round/1",
    open={
        "v": 1,
        "round": 1,
        "group": 2,
        "game": "dice",
        "opens_at": int(NOON.timestamp()),
        "closes_at": int(IN_A_MINUTE.timestamp()),
        "genesis": GENESIS,
        "n": 1,
        "seed_commit": GENESIS,
    },
    picks=[{"player": JOHN, "move": {"side": "under", "chance": 80}}],
    close={"v": 1, "open_id": SALT, "count": 1, "root": ROOT},
    result={"v": 1, "close_id": ROOT, "seed": SEED, "outcome": {"roll": 27}, "prizes": [125]},
)

EXAMPLES: tuple[Struct, ...] = (
    game.ShareRequest(conversation_id=2, client_id="look-7", message="Look!"),
    chat.MessageOut(3, 1, "johndoe", "Look!", NOON, "look-7", card=shared),
    shared,
    told,
    rounds.RoundRequest(conversation_id=2, game="dice", closes_in=60),
    rounds.RoundRequest(conversation_id=2, game="dice", closes_at=IN_A_MINUTE),
    drawn,
    rounds.RoundDetails(**asdict(drawn), leaderboard=[first], my_pick=pick),
    pick,
    first,
    proof,
)
