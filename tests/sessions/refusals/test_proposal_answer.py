"""What proposal.answer refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, SPLIT, WITH_GROUP
from tests.sessions.test_answer import BOARD, ROADS_DESK, SURVEYED, WATER, WATER_DESK

test_proposal_answer = refusals(
    "proposal.answer",
    Case(BOARD, {**SURVEYED, "survey_note": "layak", "land": "PEMDA", "verdict": "FEASIBLE"}, WATER_DESK),
    phases=BEFORE_THE_END,
    stale=Case(BOARD, {**SURVEYED, "base": 1}, WATER_DESK, says={"version": 2}),
    unknown_proposal=Case(BOARD, {**SURVEYED, "proposal": "z"}, WATER_DESK),
    other_agency=Case(BOARD, SURVEYED, ROADS_DESK, says={"agency": WATER}),
    reason_required=Case(BOARD, {**SURVEYED, "verdict": "NOT_FEASIBLE"}, WATER_DESK),
    with_group=Case(SPLIT, {**SURVEYED, "proposal": WITH_GROUP}, says={"group": "g1"}),
)
