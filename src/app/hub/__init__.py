"""The hub: fan-out of events from Redis pub/sub to the sockets of one API process.

events   how a worker publishes, and what travels
ear      the one pub/sub connection
fanout   channels, positions, gap fill, resume
outbox   one socket's bounded queue and its one sender
"""
