"""Games of one move: make it, and hear at once what it wins. The first is the number game.

definition  what a game is made of
games       the games, a file for each
"""
