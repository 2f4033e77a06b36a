"""What pass.issue refuses."""

from tests.sessions.given import ADMIN, NOW, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CARD

DATA = {"role": "hall", "hall": "pejuang", "expires_at": NOW + 1}

test_pass_issue = refusals(
    "pass.issue",
    Case(OPENED, DATA, ADMIN),
    Case(OPENED, {"pass": "p2", "role": "delegate", "seat": "pejuang-07", "expires_at": NOW + 1}, ADMIN),
    Case(OPENED, {"role": "agency", "agency": "Dinas SDA", "expires_at": NOW + 1}, ADMIN),
    already_exists=Case((*OPENED, CARD), {"pass": "p1", "role": "screen", "expires_at": NOW + 1}, ADMIN),
    account_pass=Case(OPENED, {**DATA, "pass": "acct-8f2a-01"}, ADMIN),
    unknown_hall=Case(OPENED, {**DATA, "hall": "nowhere"}, ADMIN, says={"hall": "nowhere"}),
    bad_input=[
        Case(OPENED, {**DATA, "expires_at": NOW}, ADMIN, says={"field": "expires_at"}),
        Case(OPENED, {"role": "hall", "expires_at": NOW + 1}, ADMIN, says={"field": "hall"}),
        Case(OPENED, {"role": "delegate", "expires_at": NOW + 1}, ADMIN, says={"field": "seat"}),
        Case(OPENED, {"role": "screen", "seat": "pejuang-07", "expires_at": NOW + 1}, ADMIN, says={"field": "seat"}),
        Case(OPENED, {**DATA, "agency": "Dinas SDA"}, ADMIN, says={"field": "agency"}),
    ],
)
