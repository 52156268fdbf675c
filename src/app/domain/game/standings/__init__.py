"""What plays add up to, in plain Python.

tallies       totals and streaks of some plays, in their order
achievements  what can be earned once
boards        which leaderboards there are, and the days that each is for
"""
