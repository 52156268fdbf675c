"""Parlour's server. The map, one line per package, in the order they may import each other (top may use below).

cli         the `parlour` command
asgi        the web application, put together; `aliases` are the old paths it also answers
embedded    PostgreSQL and Valkey as child processes, and the supervisor behind `parlour up`
workers     the taskiq broker, what runs when, entry points for the taskiq command
health      liveness, readiness, heartbeats
domain      one package per subject: accounts, social, chat, game, lottery, and live (the one socket)
resources   what one process holds open: engine, Redis, inbox, hub
inbox       the durable, ordered, idempotent hand-off from an API process to a worker
hub         fan-out of events to sockets
db          declarative base and naming conventions
problems    an AppError as problem+json, or as a socket's error frame
errors      AppError: a named fact with a status and a stable code
outages     telling an outage of PostgreSQL or Redis from a defect
settings    the only reader of the environment
"""
