"""What proposal.unmerge refuses."""

from tests.sessions.given import given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_merge import BOARD, MERGE

MERGED = more(given(*BOARD), when(given(*BOARD), "proposal.merge", MERGE))
DATA = {"proposal": "b", "base": 2}

test_proposal_unmerge = refusals(
    "proposal.unmerge",
    Case(MERGED, DATA),
    phases=BEFORE_THE_END,
    stale=Case(MERGED, {**DATA, "base": 1}, says={"version": 2}),
    unknown_proposal=Case(MERGED, {**DATA, "proposal": "z"}),
    not_merged=Case(BOARD, {**DATA, "base": 1}),
)
