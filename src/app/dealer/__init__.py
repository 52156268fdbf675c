"""A dealer's machine: it commits to secrets before draws open, and reveals them once their ballots are frozen.

desk      what a dealer keeps in one directory: keys, and what was seen of the log
server    asking the server
watching  following the server's log, and which draws in it are ready
duties    to commit, and to reveal

It needs neither the database nor the server's settings, and trusts the server in nothing that the log can show.
docs/guide/dealers.md is for dealers, docs/fairdraw-format.md has the bytes.
"""
