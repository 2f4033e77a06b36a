"""What proposal.withdraw refuses."""

from tests.sessions.given import DELEGATE_07, HALL_JATIASIH, HALL_PEJUANG, given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, BOARD, EDITED, REALISED, SPLIT, TAKEN_OFF, WITH_GROUP
from tests.sessions.test_merge import BOARD as CARDS
from tests.sessions.test_merge import MERGE

MERGED = more(given(*CARDS), when(given(*CARDS), "proposal.merge", MERGE))
STEPPED_BACK = more(
    MERGED, when(MERGED, "proposal.withdraw", {"proposal": "a", "base": 2, "reason": "batal"}, HALL_PEJUANG)
)
DATA = {"proposal": "a", "base": 1, "reason": "ganda"}

test_proposal_withdraw = refusals(
    "proposal.withdraw",
    Case(BOARD, {**DATA, "reason_code": "WITHDRAWN_BY_RW"}),
    phases=BEFORE_THE_END,
    stale=Case(EDITED, DATA, says={"version": 2}),
    unknown_proposal=[Case(BOARD, {**DATA, "proposal": "z"}), Case(TAKEN_OFF, {**DATA, "base": 2})],
    reason_required=Case(BOARD, {**DATA, "reason": " "}, says={"missing": ["reason"]}),
    not_from_here=Case(REALISED, {**DATA, "base": 2}),
    already_withdrawn=Case(STEPPED_BACK, {**DATA, "base": 3}, HALL_PEJUANG),
    with_group=Case(SPLIT, {**DATA, "proposal": WITH_GROUP}, says={"group": "g1"}),
    forbidden=[Case(BOARD, DATA, HALL_JATIASIH), Case(BOARD, DATA, DELEGATE_07)],
)
