"""What proposals.move refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD, EDITED, FULL, REALISED, SPLIT, WITH_GROUP

A1, B1, GROUPS = {"proposal": "a", "base": 1}, {"proposal": "b", "base": 1}, {"proposal": WITH_GROUP, "base": 1}

test_proposals_move = refusals(
    "proposals.move",
    Case(BOARD, {"items": [A1, B1], "status": "NOT_AGREED", "reason": "sengketa", "reason_code": "LAND_DISPUTE"}),
    phases=BEFORE_THE_END,
    stale=Case(EDITED, {"items": [A1, B1], "status": "RESERVE"}, says={"items": [{"proposal": "a", "version": 2}]}),
    unknown_proposal=Case(BOARD, {"items": [A1, {"proposal": "z", "base": 1}], "status": "RESERVE"}),
    not_from_here=Case(REALISED, {"items": [{"proposal": "a", "base": 2}], "status": "RESERVE"}),
    reason_required=Case(BOARD, {"items": [A1], "status": "NOT_AGREED"}, says={"missing": ["reason_code", "reason"]}),
    with_group=Case(SPLIT, {"items": [GROUPS], "status": "RESERVE"}, says={"group": "g1"}),
    over_quota=Case(FULL, {"items": [B1], "status": "PRIORITISED"}, says={"limit": 1}),
    bad_input=Case(BOARD, {"items": [A1, A1], "status": "RESERVE"}, says={"field": "items"}),
)
