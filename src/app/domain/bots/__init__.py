"""Programs that take part: bots with API keys, webhooks into conversations and out of them."""
