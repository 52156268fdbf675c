"""What can be found, and how.

limits    how much may be asked for, and what is refused
folding   the form in which texts are compared
tokens    what the index holds of a message
windows   how far back each step looks
queries   what somebody looks for, and where it stands in a text
places    where a page ends and the next begins
"""
