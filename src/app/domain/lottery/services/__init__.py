"""The verbs of the lottery.

lotteries    which lotteries there are
offering     creating, changing and ending them
eligibility  who may take part
draws        opening and holding draws
ballots      submitting ballots, and one's own
results      draws and winners, as everyone may read them
alerts       draws that need an operator
"""
