"""The panel at `/admin`, for those in office: starlette-admin over our models, which shows and never writes.

backstage   what the panel's views work with
officers    who may enter
fields      how a person, a time and an amount are shown
listing     a table to look at
acts        what an officer does: a form, and one transaction of our services
people      accounts: suspend, let in again, log out, appoint
reports     what members reported, and decisions about it
talk        conversations in figures
games       plays
lotteries   lotteries: create, change, end
draws       their draws
audit       the log of acts of office
figures     what the overview shows, read at a cost that no size makes greater
overview    the first page
templating  starlette-admin's templates, with scripts that a strict policy lets run
refusals    our errors, as the panel answers them
panel       the panel, put together
mount       where the application takes it in: `/admin`
"""
