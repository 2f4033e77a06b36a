"""What proposal.decide refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD, EDITED, REALISED, SPLIT, TAKEN_OFF, WITH_GROUP

DATA = {"proposal": "a", "base": 1, "decision": "ACCEPTED"}
NO = {**DATA, "decision": "REJECTED"}

test_proposal_decide = refusals(
    "proposal.decide",
    Case(BOARD, {**DATA, "level": "KECAMATAN", "amount": 50, "volume": 2, "note": "dikurangi"}),
    Case(BOARD, {**NO, "reason_code": "LAND_DISPUTE", "reason": "sengketa"}),
    phases=BEFORE_THE_END,
    stale=Case(EDITED, DATA, says={"version": 2}),
    unknown_proposal=[Case(BOARD, {**DATA, "proposal": "z"}), Case(TAKEN_OFF, {**DATA, "base": 2})],
    not_from_here=Case(REALISED, {**DATA, "base": 2}),
    reason_required=[
        Case(BOARD, NO, says={"missing": ["reason_code", "reason"]}),
        Case(BOARD, {**NO, "reason_code": "LAND_DISPUTE"}, says={"missing": ["reason"]}),
        Case(BOARD, {**DATA, "decision": "POSTPONED", "reason": "menunggu survei"}, says={"missing": ["reason_code"]}),
    ],
    with_group=Case(SPLIT, {**DATA, "proposal": WITH_GROUP}, says={"group": "g1"}),
)
