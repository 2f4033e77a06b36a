"""What pass.revoke refuses."""

from sessions.ids import PassId
from sessions.passes import PassIssued
from tests.sessions.given import ADMIN, NOW, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CARD

OF_ACCOUNT = PassIssued(PassId("acct-8f2a-01"), "moderator", NOW + 1)

test_pass_revoke = refusals(
    "pass.revoke",
    Case((*OPENED, CARD), {"pass": "p1"}, ADMIN),
    account_pass=Case((*OPENED, OF_ACCOUNT), {"pass": "acct-8f2a-01"}, ADMIN),
    unknown_pass=Case(OPENED, {"pass": "p1"}, ADMIN),
)
