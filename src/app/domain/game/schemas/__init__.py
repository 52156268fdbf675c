"""The shapes of games.

plays      plays, and what they add up to
proofs     what proves a play that had luck
rounds     what a group plays together
standings  leaderboards and achievements
"""
