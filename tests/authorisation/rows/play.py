"""Games, where everybody sees their own plays, and draws, which are public."""

from tests.authorisation.answers import everyone, insiders, its_owner, logged_in, staff, stewards
from tests.authorisation.row import Row

IN_A_MOMENT = {"game": "dice", "closes_in": 3600}

DEALER = {"public_key": "5d" * 32}
COMMITMENT = {"commitment": "5d" * 32, "signature": "5d" * 64}
SECRET = {"secret": "5d" * 32}
BEACON_ROUND = {"round": 1000, "signature": "5d" * 48}

ROWS = [
    Row("play", "POST /api/game/play", logged_in(201), {"number": 842}),
    Row("listGames", "GET /api/game/games", everyone(200)),
    Row("playGame", "POST /api/game/games/number/plays", logged_in(201), {"number": 842}),
    Row("beginEpoch", "PUT /api/game/games/dice/epochs/1", logged_in(200)),
    Row("listEpochs", "GET /api/game/games/dice/epochs", logged_in(200)),
    Row("readEpoch", "GET /api/game/games/dice/epochs/{epoch_of_the_actor}", logged_in(200)),
    Row("readProof", "GET /api/game/plays/{lucky_play}/proof", its_owner(200)),
    Row("readPlay", "GET /api/game/plays/{play}", its_owner(200)),
    Row(
        "sharePlay",
        "POST /api/game/plays/{play}/share",
        its_owner(201),
        {"conversation_id": "{group}", "message": "nightingale"},
    ),
    Row(
        "sharePlay",
        "POST /api/game/plays/{play_of_the_actor}/share",
        insiders(201),
        {"conversation_id": "{group}"},
        case="of one's own",
    ),
    Row("listPlays", "GET /api/game/history", logged_in(200)),
    Row("readStatistics", "GET /api/game/statistics", logged_in(200)),
    Row("listDays", "GET /api/game/statistics/days?days=2", logged_in(200)),
    Row("openRound", "POST /api/game/rounds", stewards(201), {"conversation_id": "{fresh_group}", **IN_A_MOMENT}),
    Row("listRounds", "GET /api/game/rounds?conversation_id={group}", insiders(200)),
    Row("readRound", "GET /api/game/rounds/{round}", insiders(200)),
    Row("cancelRound", "DELETE /api/game/rounds/{fresh_round}", stewards(200)),
    Row("pick", "PUT /api/game/rounds/{round}/pick", insiders(200), {"side": "over", "chance": 50}),
    Row("listPlaces", "GET /api/game/rounds/{round}/leaderboard", insiders(200)),
    Row("readRoundProof", "GET /api/game/rounds/{round}/proof", insiders(409), case="before it is drawn"),
    Row("readLeaderboard", "GET /api/game/leaderboard?period=day&game=number", logged_in(200)),
    Row("readLeaderboardAroundMe", "GET /api/game/leaderboard/around-me", logged_in(200)),
    Row("readLeaderboardOfFriends", "GET /api/game/leaderboard/friends", logged_in(200)),
    Row("listAchievements", "GET /api/game/achievements", logged_in(200)),
    Row("listLotteries", "GET /api/lottery/lotteries", everyone(200)),
    Row("readLottery", "GET /api/lottery/lotteries/{lottery}", everyone(200)),
    Row("createLottery", "POST /api/lottery/lotteries", staff(201), {"name": "{new_name}", "cadence": "minutes:720"}),
    Row("changeLottery", "PATCH /api/lottery/lotteries/{lottery}", staff(200), {"prizes": 2}),
    Row("endLottery", "POST /api/lottery/lotteries/{lottery}/end", staff(200)),
    Row("listDealers", "GET /api/lottery/lotteries/{lottery}/dealers", everyone(200)),
    Row("addDealer", "POST /api/lottery/lotteries/{lottery}/dealers", staff(201), {"name": "{new_name}", **DEALER}),
    Row("removeDealer", "DELETE /api/lottery/lotteries/daily/dealers/nobody", staff(404)),
    Row("declareBeacon", "PUT /api/lottery/lotteries/{lottery}/beacon", staff(200), {"margin": 60}),
    Row("dropBeacon", "DELETE /api/lottery/lotteries/{lottery}/beacon", staff(200)),
    Row("listDealings", "GET /api/lottery/draws/daily/{today}/dealers", everyone(200)),
    Row("commitDealer", "POST /api/lottery/draws/daily/9/dealers/nobody/commitment", everyone(404), COMMITMENT),
    Row("revealSecret", "POST /api/lottery/draws/daily/999999/dealers/nobody/reveal", everyone(404), SECRET),
    Row("handInBeacon", "POST /api/lottery/draws/daily/{today}/beacon", everyone(409), BEACON_ROUND),
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
