"""What proposals.decide refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD, EDITED, REALISED, SPLIT, WITH_GROUP

DATA = {"items": [{"proposal": "a", "base": 1}, {"proposal": "b", "base": 1}], "decision": "ACCEPTED"}

test_proposals_decide = refusals(
    "proposals.decide",
    Case(BOARD, DATA),
    phases=BEFORE_THE_END,
    stale=Case(EDITED, DATA, says={"items": [{"proposal": "a", "version": 2}]}),
    unknown_proposal=Case(BOARD, {**DATA, "items": [{"proposal": "z", "base": 1}]}),
    not_from_here=Case(REALISED, {**DATA, "items": [{"proposal": "a", "base": 2}]}),
    reason_required=Case(BOARD, {**DATA, "decision": "REJECTED"}),
    with_group=Case(SPLIT, {**DATA, "items": [{"proposal": WITH_GROUP, "base": 1}]}, says={"group": "g1"}),
)
