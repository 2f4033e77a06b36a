"""What draft.drop refuses."""

from sessions.draft import DraftEdited
from tests.sessions.given import DRAIN, HALL_JATIASIH, HALL_PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, WRITTEN, D

SAID = {"proposal": D, "base": 1}

test_draft_drop = refusals(
    "draft.drop",
    Case(WRITTEN, SAID),
    Case(WRITTEN, SAID, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_draft=Case(WRITTEN, {**SAID, "proposal": "a"}, says={"proposal": "a"}),
    forbidden=Case(WRITTEN, SAID, HALL_JATIASIH),
    stale=Case((*WRITTEN, DraftEdited(D, 2, DRAIN)), SAID, says={"version": 2}),
)
