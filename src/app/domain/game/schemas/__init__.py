"""The shapes of games.

plays   moves, their results, and what they add up to
rounds  what a group plays together
"""
