"""The lottery over HTTP.

lotteries      which there are; for staff, creating, changing and ending them
draws          which there are, what they came to, and what proves it
ballots        taking part, and one's own
dealers        who deals for a lottery, and which beacon it waits for
dealing        what dealers and beacons hand in
log            the public log, its proofs, and the verifier
interventions  what staff may do about draws
named          how a request names a lottery and a draw
"""
