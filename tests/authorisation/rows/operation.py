"""Whether the server is well, which everyone may ask; what waits in it, which staff may."""

from tests.authorisation.answers import everyone, staff
from tests.authorisation.row import Row

ROWS = [
    Row("checkLiveness", "GET /health/live", everyone(200)),
    Row("checkReadiness", "GET /health/ready", everyone(200)),
    Row("checkHealth", "GET /health", everyone(200)),
    Row("readQueues", "GET /api/staff/queues", staff(200)),
]
