"""What proposal.move refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import (
    BEFORE_THE_END,
    BOARD,
    EDITED,
    FULL,
    REALISED,
    SPLIT,
    TAKEN_OFF,
    WITH_GROUP,
)

DATA = {"proposal": "a", "base": 1, "status": "RESERVE", "before": None}

test_proposal_move = refusals(
    "proposal.move",
    Case(BOARD, DATA),
    Case(BOARD, {**DATA, "status": "SUBMITTED", "before": "c"}),
    Case(BOARD, {**DATA, "status": "NOT_AGREED", "reason": "sengketa", "reason_code": "LAND_DISPUTE"}),
    phases=BEFORE_THE_END,
    stale=[
        Case(EDITED, DATA, says={"version": 2}),
        Case(BOARD, {**DATA, "before": "c"}),
    ],
    unknown_proposal=[
        Case(BOARD, {**DATA, "proposal": "z"}),
        Case(BOARD, {**DATA, "before": "z"}),
        Case(TAKEN_OFF, {**DATA, "base": 2}),
    ],
    not_from_here=Case(REALISED, {**DATA, "base": 2}, says={"status": "REALISED", "to": "RESERVE"}),
    reason_required=Case(BOARD, {**DATA, "status": "NOT_AGREED"}),
    with_group=Case(SPLIT, {**DATA, "proposal": WITH_GROUP}, says={"group": "g1"}),
    over_quota=Case(FULL, {"proposal": "b", "base": 1, "status": "PRIORITISED", "before": None}, says={"limit": 1}),
    bad_input=Case(BOARD, {**DATA, "status": "MERGED"}, says={"field": "status"}),
)
