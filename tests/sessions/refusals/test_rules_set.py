"""What rules.set refuses."""

from tests.sessions.given import DRAFT, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

DATA = {"changes": {"floor": {"minutes": 7}}}

test_rules_set = refusals(
    "rules.set",
    Case(OPENED, {**DATA, "reason": "disepakati forum"}),
    Case(DRAFT, DATA),
    phases=BEFORE_THE_END,
    unknown_preset=Case(DRAFT, {"preset": "unheard-of"}),
    reason_required=Case(OPENED, DATA),
    bad_input=[
        Case(DRAFT, {}),
        Case(DRAFT, {"changes": {"floor": {"minutes": -1}}}, says={"field": "changes.floor.minutes"}),
        Case(DRAFT, {"changes": {"floor": {"misspelt": 1}}}, says={"field": "changes.floor.misspelt"}),
        Case(DRAFT, {"changes": {"misspelt": {}}}, says={"field": "changes.misspelt"}),
    ],
)
