"""The number game, where everybody sees their own plays, and draws, which are public."""

from tests.authorisation.answers import everyone, its_owner, logged_in, staff
from tests.authorisation.row import Row

ROWS = [
    Row("play", "POST /api/game/play", logged_in(201), {"number": 842}),
    Row("readPlay", "GET /api/game/plays/{play}", its_owner(200)),
    Row("listPlays", "GET /api/game/history", logged_in(200)),
    Row("readStatistics", "GET /api/game/statistics", logged_in(200)),
    Row("listLotteries", "GET /api/lottery/lotteries", everyone(200)),
    Row("submitBallots", "POST /api/lottery/ballots", logged_in(201)),
    Row("listMyBallots", "GET /api/lottery/ballots", logged_in(200)),
    Row("listDraws", "GET /api/lottery/draws", everyone(200)),
    Row("readDraw", "GET /api/lottery/draws/daily/{today}", everyone(200)),
    Row("readMyBallot", "GET /api/lottery/ballots/{ballot}", its_owner(200)),
    Row("beNamed", "PUT /api/lottery/ballots/{ballot}/named", its_owner(409), {"named": True}),
    Row("downloadTranscript", "GET /api/lottery/draws/daily/{today}/transcript", everyone(409)),
    Row("readBallotProof", "GET /api/lottery/draws/daily/{today}/ballots/0", everyone(409)),
    Row("voidDraw", "POST /api/lottery/draws/daily/999999/void", staff(404), {"reason": "lost"}),
    Row("readLog", "GET /api/lottery/log", everyone(200)),
    Row("listRecords", "GET /api/lottery/log/records", everyone(200)),
    Row("downloadLog", "GET /api/lottery/log/file", everyone(200)),
    Row("readCheckpoint", "GET /api/lottery/log/checkpoint?size=1", everyone(200)),
    Row("readRecordProof", "GET /api/lottery/log/records/0/proof?size=1", everyone(200)),
    Row("readConsistency", "GET /api/lottery/log/consistency?old=1&new=2", everyone(200)),
    Row("downloadVerifier", "GET /api/lottery/verifier", everyone(200)),
    Row("readWinningBallot", "GET /api/lottery/winning-ballot?draw_date={today}", everyone(409)),
]
