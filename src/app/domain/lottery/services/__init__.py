"""The verbs of the lottery.

lotteries     which lotteries there are
draws         opening draws for ballots, and which are due
holding       one draw from its open record to its result
ballots       submitting ballots
own           one's own ballots
results       draws and winners, as everyone may read them
dealers       who deals for a lottery, and which beacon it waits for
dealings      the commitments and the secrets of dealers
beacons       rounds of the public beacon
waiting       what a draw waits for, and which level it has
chains        seed chains
log           the public log
trees         Merkle trees, as they are stored
ballot_trees  the tree of a draw's ballots
receipts      signed receipts of ballots
proofs        what proves a draw, for everybody
"""
