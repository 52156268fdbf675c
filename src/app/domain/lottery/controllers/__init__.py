"""The lottery over HTTP.

draws      ballots, draws, and who won
lotteries  which lotteries there are; for staff, creating, changing and ending them
"""
