"""Parlour's server. The map, one line per package, in the order they may import each other (top may use below).

cli         the `parlour` command
asgi        the web application, put together
dealer      a dealer's machine, elsewhere: commits before draws open, reveals once they are closed
embedded    PostgreSQL and Valkey as child processes, and the supervisor behind `parlour up`
archive     backup and restore
doctor      what is wrong with an installation, and what to do
routes      everything that can be asked, by HTTP and over sockets
admin       the panel of those in office, at `/admin`
aliases     the paths of the five documents, and where each is answered today
apidocs     the OpenAPI and AsyncAPI documents, and their pages at `/docs` and `/docs/ws`
browser     the browser client: its files, and its pages at every path that is nobody else's
operation   what staff and machines watch: the queues, and `/metrics`
shields     the security headers of every answer
bodies      what a request's body may be
pages       how a list is read, part by part
wire        uvicorn's HTTP, with limits to a request's head
heads       a HEAD, answered as a GET without its body
arrivals    every request and socket: its id, span, figures, and line in the log
workers     the taskiq broker, what runs when, entry points for the taskiq command
migrating   bringing the database to the newest revision
health      liveness, readiness, heartbeats
domain      one package per subject: accounts, social, chat, game, lottery, presence, bots, mydata, … live is /ws
ratelimits  how much one user or address may ask for
logs        structured logs
logfiles    whose log file is whose
crashes     reporting errors to Sentry
resources   what one process holds open: settings, engine, sessions, Redis
inbox       the durable, ordered, idempotent hand-off from an API process to a worker
hub         fan-out of events to sockets
outbound    requests to addresses that users have named, which reach the public internet only
db          declarative base and naming conventions
problems    an AppError as problem+json, or as a socket's error frame
origins     which request a piece of work goes back to
tracing     traces through API, stream and worker
metrics     what is measured
outages     telling an outage of PostgreSQL or Redis from a defect
fairdraw    the primitives of draws that anyone can check, and the check itself
zones       IANA time zones by their names
redaction   no secret of ours in a log or an error, and nobody's row
days        calendar days of a time zone
errors      AppError: a named fact with a status and a stable code
settings    the only reader of the environment

`.importlinter` holds the same order as contracts; docs/architecture.md follows a message, a play and a draw through it.
"""
