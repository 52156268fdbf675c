"""John takes part in a draw, and checks it."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from app.apidocs.examples.story import NOON, TODAY, TOMORROW
from app.domain.lottery import schemas as lottery
from app.domain.lottery.schemas import dealing, lotteries
from app.fairdraw.hashing import FORMAT
from app.fairdraw.levels import LEVELS

BALLOT = UUID("019aa0f1-9a2c-7d4e-8c6d-1b5a3e0f7c21")
LOG = "parlour.example.org/fairdraw"
LEAF = "666169726472" + "9f" * 108
HASH, OTHER_HASH = "5d" * 32, "a1" * 32
SIGNATURE = "e7" * 64
ROUND_1000 = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
CHECKPOINT = f"{LOG}\n12\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— {LOG} 3q2+7w==\n"

draw = lottery.DrawView(
    level=0,
    level_proves=LEVELS[0].proves,
    level_does_not_prove=LEVELS[0].does_not_prove,
    lottery="daily",
    number=7,
    period="2026-11-20",
    date=TODAY,
    state="open",
    opens_at=datetime(2026, 11, 13, tzinfo=NOON.tzinfo),
    closes_at=TOMORROW,
    drawn_at=None,
    voided_at=None,
    open_id=HASH,
    root=None,
    ballots=1,
    prizes=1,
    beacon_round=None,
    waiting_for=[],
    winners=[],
)
receipt = lottery.ReceiptRecord(log=LOG, lottery="daily", draw=7, seq=0, leaf=LEAF, at=int(NOON.timestamp()))
close: dict[str, int | str] = {"v": 1, "draw": 7, "open_id": HASH, "count": 2, "root": OTHER_HASH}
inclusion = lottery.Inclusion(close=close, path=[HASH])

mine = lottery.MyBallotView(
    id=BALLOT,
    seq=0,
    draw_date=TODAY,
    submitted_at=NOON,
    lottery="daily",
    number=7,
    won=None,
    named=None,
    state="open",
    level=0,
    level_proves=LEVELS[0].proves,
    level_does_not_prove=LEVELS[0].does_not_prove,
)
closed = lottery.LogRecordView(position=9, kind="close", logged_at=TOMORROW, record=dict(close))

EXAMPLES: tuple[Struct, ...] = (
    lotteries.NewLottery(name="friday", cadence="weekly:friday", title="Friday night", zone="Europe/Kyiv", prizes=3),
    lotteries.LotteryChange(prizes=5, audience="verified"),
    lotteries.LotteryView(
        name="friday",
        title="Friday night",
        cadence="weekly:friday",
        zone="Europe/Kyiv",
        prizes=3,
        ballots_per_user=1000,
        audience="everyone",
        created_at=NOON,
        ended_at=None,
    ),
    lottery.SubmitBallots(draw_date=TODAY, count=1),
    lottery.SubmittedBallots(
        draw=draw,
        ballots=[
            lottery.SubmittedBallot(
                id=BALLOT,
                seq=0,
                draw_date=TODAY,
                submitted_at=NOON,
                receipt=lottery.SignedReceipt(receipt=receipt, signature=SIGNATURE),
            )
        ],
        user_id=1,
        salt=OTHER_HASH,
    ),
    draw,
    lottery.DrawPage(draws=[draw], before=6),
    lottery.MyBallotPage(ballots=[mine], before=None),
    lottery.BallotFile(receipt=receipt, signature=SIGNATURE, user_id=1, salt=OTHER_HASH, inclusion=inclusion),
    lottery.BallotProof(seq=0, leaf=LEAF, inclusion=inclusion),
    lottery.NameMe(named=True),
    lottery.VoidDraw(reason="the secret is lost"),
    lottery.WinningBallot(
        level=0,
        level_proves=LEVELS[0].proves,
        level_does_not_prove=LEVELS[0].does_not_prove,
        draw_date=TODAY,
        ballot=lottery.WinningBallotView(id=BALLOT, seq=0, draw_date=TODAY, submitted_at=NOON, username="johndoe"),
    ),
    dealing.NewDealer(name="alice", public_key=HASH),
    dealing.NewBeacon(margin=120),
    dealing.SignedCommitment(commitment=HASH, signature=SIGNATURE),
    dealing.RevealedSecret(secret=OTHER_HASH),
    dealing.BeaconRound(round=1000, signature=ROUND_1000),
    dealing.LotteryDealers(
        lottery="daily",
        coming=8,
        level=1,
        level_proves=LEVELS[1].proves,
        level_does_not_prove=LEVELS[1].does_not_prove,
        beacon=None,
        dealers=[
            dealing.DealerView(
                name="alice",
                public_key=HASH,
                added_at=NOON,
                removed_at=None,
                committed=[dealing.DrawSpan(first=8, last=37)],
            )
        ],
    ),
    dealing.DealingView(dealer="alice", state="committed", commitment=HASH, committed_at=NOON, revealed_at=None),
    lottery.LogHead(
        log=LOG, size=12, checkpoint=CHECKPOINT, key=f"{LOG}+5d41a0c9+AaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaGhoaE="
    ),
    closed,
    lottery.LogPage(records=[closed], next=10),
    lottery.RecordProof(position=9, path=[HASH, OTHER_HASH], checkpoint=CHECKPOINT),
    lottery.Consistency(old=CHECKPOINT.replace("12", "8"), new=CHECKPOINT, path=[HASH, OTHER_HASH]),
)

opened = {
    "v": 1,
    "lottery": "daily",
    "draw": 7,
    "date": "2026-11-20",
    "tz": "UTC",
    "opens_at": int(draw.opens_at.timestamp()),
    "closes_at": int(TOMORROW.timestamp()),
    "prizes": 1,
    "seed_commit": HASH,
    "dealers": [],
    "beacon": None,
}
result = {"v": 1, "draw": 7, "close_id": OTHER_HASH, "seed": HASH, "dealers": [], "beacon": None, "winners": [0]}

FILES: dict[str, object] = {
    "download_transcript": {"format": FORMAT, "open": opened, "close": close, "ballots": [LEAF], "result": result},
    "download_log": {"format": "fairdraw-log/1", "records": [opened, close, result], "checkpoint": CHECKPOINT},
    "read_checkpoint": CHECKPOINT,
}
"""What is downloaded, by the operation's name: no structs, but forms that docs/fairdraw-format.md has byte for byte."""
