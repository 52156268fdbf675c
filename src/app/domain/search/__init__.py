"""Finding what was said: any part of any word, in any script, in the conversations that one may read."""
