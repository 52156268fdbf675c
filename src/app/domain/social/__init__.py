"""People to each other: friends, blocks, finding one another, and what one shows of oneself."""
