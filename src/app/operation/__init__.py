"""What staff and machines watch. Figures come from Redis and PostgreSQL, at a cost that no backlog makes greater.

inboxes      what waits in Redis: partitions, bells, the processes at work on them
outboxes     what waits in PostgreSQL: mails, pushes, webhooks, exports, erasures, draws
queues       both together, as staff read them
exposition   the same and every process's own figures, as Prometheus reads them
controllers  `/api/staff/queues`, the page at `/staff/queues`, `/metrics`
"""
