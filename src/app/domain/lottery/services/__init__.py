"""The verbs of the lottery.

lotteries   which lotteries there are
draws       opening and holding draws
ballots     submitting ballots, and one's own
results     draws and winners, as everyone may read them
"""
