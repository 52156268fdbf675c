"""A chat client for the terminal, on Textual.

app         the application
entry       who are you?
talk        the conversations, and the one that is open
transcript  what was said in it, row by row
playing     the number game
house       all conversations, kept as the server has them
rooms       one conversation, and what is on its way to it
wording     what is shown, as text
"""
