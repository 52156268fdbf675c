"""Everything under /api/users.

entry      register, log in, renew, verify, log out, socket tickets
profile    oneself: name, email, password, sessions
mailed     what a mailed link leads to: verified addresses, forgotten passwords
"""

from app.domain.accounts.controllers.entry import Entry
from app.domain.accounts.controllers.mailed import Mailed
from app.domain.accounts.controllers.profile import OwnProfile, OwnSessions

controllers = [Entry, OwnProfile, OwnSessions, Mailed]
