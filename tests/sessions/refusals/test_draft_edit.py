"""What draft.edit refuses."""

from sessions.draft import DraftAdded, DraftEdited
from sessions.ids import ProposalId
from sessions.model.content import Content
from tests.sessions.given import DRAIN, HALL_JATIASIH, HALL_PEJUANG, PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, WRITTEN, D

LONG = (*WRITTEN, *(DraftAdded(ProposalId(f"e{n}"), PEJUANG, Content("Sumur", problem="é" * 1000)) for n in range(64)))
SAID = {"proposal": D, "base": 1, "fields": {"rw": "07"}}

test_draft_edit = refusals(
    "draft.edit",
    Case(WRITTEN, SAID),
    Case(WRITTEN, SAID, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_draft=Case(WRITTEN, {**SAID, "proposal": "a"}, says={"proposal": "a"}),
    forbidden=Case(WRITTEN, SAID, HALL_JATIASIH),
    drafts_too_long=Case(
        LONG, {**SAID, "fields": {"problem": "é" * 1000, "note": "é" * 1000}}, says={"hall": "pejuang", "most": 150}
    ),
    stale=Case((*WRITTEN, DraftEdited(D, 2, DRAIN)), SAID, says={"version": 2}),
)
