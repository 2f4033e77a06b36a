"""What pass.revoke refuses."""

from tests.sessions.given import ADMIN, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CARD

test_pass_revoke = refusals(
    "pass.revoke",
    Case((*OPENED, CARD), {"pass": "p1"}, ADMIN),
    unknown_pass=Case(OPENED, {"pass": "p1"}, ADMIN),
)
