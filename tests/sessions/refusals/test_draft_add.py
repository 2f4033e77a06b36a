"""What draft.add refuses."""

from sessions.draft import DRAFTS_MOST, DraftAdded
from sessions.ids import ProposalId
from sessions.model.content import Content
from tests.sessions.given import DRAFT, DRAIN, HALL_JATIASIH, HALL_PEJUANG, PEJUANG, RW07
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

FULL = (*DRAFT, *(DraftAdded(ProposalId(f"d{n}"), PEJUANG, DRAIN) for n in range(DRAFTS_MOST)))
LONG = (*DRAFT, *(DraftAdded(ProposalId(f"d{n}"), PEJUANG, Content("Sumur", problem="é" * 1000)) for n in range(65)))
SAID = {"title": "Sumur resapan", "hall": "pejuang", "owner": RW07, "amount": 9_000_000}

test_draft_add = refusals(
    "draft.add",
    Case(DRAFT, SAID),
    Case(DRAFT, SAID, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_hall=Case(DRAFT, {"title": "Sumur", "hall": "nobody"}, says={"hall": "nobody"}),
    forbidden=Case(DRAFT, SAID, HALL_JATIASIH),
    bad_input=Case(DRAFT, {**SAID, "owner": "jatiasih-11"}, says={"field": "owner"}),
    drafts_too_long=Case(LONG, {**SAID, "problem": "é" * 1000}, says={"hall": "pejuang", "most": 150}),
    too_many_drafts=Case(FULL, SAID, says={"hall": "pejuang", "most": DRAFTS_MOST}),
)
