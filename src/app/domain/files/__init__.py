"""Files that people upload: kept in an object store, shown to whom their message, or an avatar, is shown.

rules        limits and refusals
media_types  what a file is, by its content
filenames    what a file may be called, and how a browser is told
ranges       which part of a file a request asks for
models       files
schemas      what goes over the wire
images       decoding and encoding, in a process of its own
services     what is done with files, whoever asks
delivery     a file as the answer to a request
tasks        collecting what nobody needs
controllers  /api/files, and avatars under /api/users
"""
