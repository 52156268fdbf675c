"""What is wrong with an installation, and what to do about it.

findings  what a check has found
machine   files, disk, limits, keys: what is here
database  PostgreSQL: its version, schema and clock, and whether our keys fit what it holds
redis     Redis: whether it keeps what it is given and refuses what it cannot, and who is at work
examining all of it together
"""
