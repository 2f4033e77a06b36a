"""What chair.take refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_chair import BY_FORCE, CARDS, FIRST, LED, OTHER

test_chair_take = refusals(
    "chair.take",
    Case(CARDS),
    Case(LED, BY_FORCE, OTHER),
    chair_is_taken=Case(LED, {"reason": "saya saja"}, OTHER, says={"leader": FIRST}),
    reason_required=Case(LED, {"force": True}, OTHER),
    phases=NOT_SEALED,
)
