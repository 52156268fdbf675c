"""Games, where everybody sees their own plays, and draws, which are public."""

from tests.authorisation.answers import everyone, insiders, its_owner, logged_in
from tests.authorisation.row import Row

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
    Row("listLotteries", "GET /api/lottery/lotteries", everyone(200)),
    Row("submitBallots", "POST /api/lottery/ballots", logged_in(201)),
    Row("listMyBallots", "GET /api/lottery/ballots", logged_in(200)),
    Row("listDraws", "GET /api/lottery/draws", everyone(200)),
    Row("readDraw", "GET /api/lottery/draws/daily/{today}", everyone(200)),
    Row("readWinningBallot", "GET /api/lottery/winning-ballot?draw_date={today}", everyone(409)),
]
