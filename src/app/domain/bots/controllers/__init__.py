"""/api/bots, /api/hooks, and the webhooks of a group."""
