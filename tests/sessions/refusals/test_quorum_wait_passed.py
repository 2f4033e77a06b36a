"""What quorum.wait_passed refuses."""

from sessions.quorum import QuorumAwaited
from tests.sessions.given import NOW, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_quorum import HOUR, SHORT

WAITING = (*SHORT, QuorumAwaited(NOW + HOUR))
DATA = {"until": NOW + HOUR}

test_quorum_wait_passed = refusals(
    "quorum.wait_passed",
    Case(WAITING, DATA, SYSTEM, NOW + HOUR),
    phases=NOT_SEALED,
    too_early=Case(WAITING, DATA, SYSTEM, NOW + HOUR - 1),
)
