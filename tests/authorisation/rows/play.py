"""The number game, where everybody sees their own plays, and draws, which are public."""

from tests.authorisation.answers import everyone, its_owner, logged_in
from tests.authorisation.row import Row

ROWS = [
    Row("play", "POST /api/game/play", logged_in(201), {"number": 842}),
    Row("listGames", "GET /api/game/games", everyone(200)),
    Row("playGame", "POST /api/game/games/number/plays", logged_in(201), {"number": 842}),
    Row("readPlay", "GET /api/game/plays/{play}", its_owner(200)),
    Row("listPlays", "GET /api/game/history", logged_in(200)),
    Row("readStatistics", "GET /api/game/statistics", logged_in(200)),
    Row("readLeaderboard", "GET /api/game/leaderboard?period=day&game=number", logged_in(200)),
    Row("readLeaderboardAroundMe", "GET /api/game/leaderboard/around-me", logged_in(200)),
    Row("readLeaderboardOfFriends", "GET /api/game/leaderboard/friends", logged_in(200)),
    Row("listAchievements", "GET /api/game/achievements", logged_in(200)),
    Row("listLotteries", "GET /api/lottery/lotteries", everyone(200)),
    Row("submitBallots", "POST /api/lottery/ballots", logged_in(201)),
    Row("listMyBallots", "GET /api/lottery/ballots", logged_in(200)),
    Row("listDraws", "GET /api/lottery/draws", everyone(200)),
    Row("readDraw", "GET /api/lottery/draws/daily/{today}", everyone(200)),
    Row("readWinningBallot", "GET /api/lottery/winning-ballot?draw_date={today}", everyone(409)),
]
