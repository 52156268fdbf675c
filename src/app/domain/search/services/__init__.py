"""The two sides of the index.

statements  their SQL
indexing    keeps the index up with the conversations
finding     looks something up for somebody
"""
