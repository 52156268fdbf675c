"""How fast, and how far from the limit: `make bench` runs all of it on one machine, load generator included."""
