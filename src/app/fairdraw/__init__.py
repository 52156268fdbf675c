"""fairdraw/1: draws that anyone can check offline. The bytes are written down in docs/fairdraw-format.md.

hashing   what is hashed, and how a record becomes bytes
chain     the secret seeds, each committed to by the one before it
tree      Merkle trees: roots, and proofs of inclusion and consistency (RFC 9162)
draws     ballots, records, entropy, and the winners that follow from them
plays     a player's plays: entropy, and the luck that follows from it
rounds    rounds of a group: picks, records, the luck of all of them, and the check of a transcript
signing   the log's key: signed checkpoints and receipts
witness   following a log, and noticing when it is not the one that was seen before
dealing   dealers: their secrets, their commitments, their signatures
beacon    rounds of a public beacon, and the check of their signatures
levels    how much a draw proves, and what it does not
verifier  the check of all this, for anyone: one file that uses nothing else of ours

Pure Python without a framework. The verifier is written from the format alone and shares no code with the rest, so
that a mistake on one side shows on the other (docs/decisions/0023).
"""
