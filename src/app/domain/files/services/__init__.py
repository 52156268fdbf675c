"""What is done with files, whoever asks.

store       FileStore: the bytes, on a disk or in S3
intake      Intake: what a client sends, judged while it comes, and shelved
pictures    images through the process that decodes them
shelf       Shelf: what somebody has uploaded, and may still upload
files       Files: attaching to messages and avatars, and who may read
avatars     Avatars: people's pictures of themselves
collecting  what nobody needs any more
"""
