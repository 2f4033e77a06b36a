"""What ceilings.set refuses."""

from tests.sessions.given import DRAFT, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

DATA = {"ceilings": [{"hall": "pejuang", "amount": 500_000_000}, {"hall": None, "amount": None}]}

test_ceilings_set = refusals(
    "ceilings.set",
    Case(OPENED, {**DATA, "reason": "pergeseran"}),
    Case(DRAFT, DATA),
    phases=BEFORE_THE_END,
    unknown_hall=Case(DRAFT, {"ceilings": [{"hall": "nowhere", "amount": 1}]}, says={"hall": "nowhere"}),
    reason_required=Case(OPENED, DATA),
)
