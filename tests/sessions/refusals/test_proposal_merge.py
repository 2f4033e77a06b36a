"""What proposal.merge refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, EDITED, REALISED, SPLIT, WITH_GROUP
from tests.sessions.test_merge import BOARD, MERGE

test_proposal_merge = refusals(
    "proposal.merge",
    Case(BOARD, {**MERGE, "title": "Drainase bersama"}),
    phases=BEFORE_THE_END,
    stale=[Case(EDITED, MERGE), Case(BOARD, {**MERGE, "proposals": [{"proposal": "b", "base": 7}]})],
    unknown_proposal=[
        Case(BOARD, {**MERGE, "into": "z"}),
        Case(BOARD, {**MERGE, "proposals": [{"proposal": "z", "base": 1}]}),
    ],
    not_from_here=Case(REALISED, {**MERGE, "base": 2}),
    with_group=Case(SPLIT, {**MERGE, "into": WITH_GROUP}, says={"group": "g1"}),
    bad_input=Case(BOARD, {**MERGE, "proposals": [{"proposal": "a", "base": 1}]}, says={"field": "proposals"}),
)
