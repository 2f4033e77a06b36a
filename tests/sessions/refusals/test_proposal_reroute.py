"""What proposal.reroute refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_answer import BOARD, ROADS_DESK, ROUTE, WATER, WATER_DESK

test_proposal_reroute = refusals(
    "proposal.reroute",
    Case(BOARD, ROUTE, WATER_DESK),
    phases=BEFORE_THE_END,
    stale=Case(BOARD, {**ROUTE, "base": 1}, WATER_DESK, says={"version": 2}),
    unknown_proposal=Case(BOARD, {**ROUTE, "proposal": "z"}, WATER_DESK),
    other_agency=Case(BOARD, {**ROUTE, "agency": "Dinas Lain"}, ROADS_DESK, says={"agency": WATER}),
    same_agency=Case(BOARD, {**ROUTE, "agency": WATER}, WATER_DESK, says={"agency": WATER}),
    reason_required=Case(BOARD, {**ROUTE, "reason": ""}, WATER_DESK),
)
