"""What workers do for games.

recording  plays and picks, as they come through the inbox
rounds     ending what groups play together
ladders    keeping the leaderboards in Redis as PostgreSQL has them
"""
