"""The inbox: a durable, ordered, idempotent hand-off from an API process to a worker.

streams   which Redis keys carry it: a stream for each partition of each kind
scripts   Lua scripts, called by their hash
accept    the API's side: one Lua script admits, throttles, stores and rings; a request may wait for its reply
batches   what a worker stores in one transaction, and what becomes of each entry
drain     the worker's side: one PostgreSQL transaction for all that waits, then replies and events
tempo     how much is stored, minute by minute
"""
