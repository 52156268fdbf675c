"""The number game: send a number, hear at once what it wins."""
