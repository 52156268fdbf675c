"""A chat client for the terminal, on Textual.

app         the application
entry       who are you?
keeping     who you were when it ran before
talk        the conversations, and the one that is open
roomlist    all of them, one line each
transcript  what was said in it, row by row
saying      the line to write in
commands    lines that are no messages
playing     the number game
house       all conversations, kept as the server has them
saving      where a file is put
rooms       one conversation, and what is on its way to it
wording     what is shown, as text
"""
