"""What becomes of one's own data.

exports   Exports: ask for, take, fill, hand out
parts     what an archive holds: one line for each table that knows people
readers   how each part is read, page by page
uploads   the bytes of files
archive   a ZIP in bounded memory
telling   what one's sockets hear of an export
erasures  Erasures: close an account, take, settle
traces    what goes with an account, and what stays, and why
"""
