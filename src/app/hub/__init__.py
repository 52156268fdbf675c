"""The hub: fan-out of events from Redis pub/sub to the sockets of one API process.

events    how a worker publishes, and what travels
ear       the one pub/sub connection
journal   what the hub asks of whoever stores the events
channels  the seats of one channel, and how far it has been delivered
veils     who hears nothing of whom
fanout    joining, gap fill, resume, regular checks
outbox    one socket's bounded queue and its one sender
"""
