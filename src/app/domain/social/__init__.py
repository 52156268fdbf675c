"""Friends: requests, acceptance, and who is whose."""
