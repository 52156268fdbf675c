"""A worker's drains, in the test's own process."""

import pytest

from app.resources import Resources
from app.workers.drains import Drains, open_drains


@pytest.fixture
def drains(resources: Resources) -> Drains:
    return open_drains(resources)
