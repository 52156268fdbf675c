"""The verbs of the lottery.

lotteries     which lotteries there are
offering      creating, changing and ending them
draws         opening draws, and which are due
eligibility   who may take part
ballots       taking part; receipts, what a ballot is answered with
own           one's own ballots
holding       a draw from its open record to its result
dealers       who deals for a lottery, and which beacon it waits for
dealings      the commitments and the secrets of dealers
beacons       rounds of the public beacon
waiting       what a draw waits for, and which level it has
intervening   what an operator may do about draws
alerts        draws that need an operator
results       draws and winners, as everyone may read them
chains        the seeds, and what they are committed to
log           the public log
trees         Merkle trees in the database; ballot_trees, those of ballots
proofs        what proves a ballot and a draw
"""
