"""What proposal.split refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, EDITED, REALISED, WITH_GROUP
from tests.sessions.refusals.scenes import SPLIT as AWAY
from tests.sessions.test_merge import BOARD, SPLIT

test_proposal_split = refusals(
    "proposal.split",
    Case(BOARD, SPLIT),
    phases=BEFORE_THE_END,
    stale=Case(EDITED, SPLIT, says={"version": 2}),
    unknown_proposal=Case(BOARD, {**SPLIT, "proposal": "z"}),
    not_from_here=Case(REALISED, {**SPLIT, "base": 2}),
    with_group=Case(AWAY, {**SPLIT, "proposal": WITH_GROUP}, says={"group": "g1"}),
    bad_input=Case(BOARD, {**SPLIT, "parts": [{"title": "Satu saja"}]}, says={"field": "parts"}),
)
