"""Everything under /api/users.

entry      register, log in, renew, verify, log out
profile    oneself: name, email, password, sessions, socket tickets
mailed     what a mailed link leads to: verified addresses, forgotten passwords
cookies    the cookies of a login
"""
