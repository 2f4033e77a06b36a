"""What agenda.template refuses."""

from tests.sessions.given import DRAFT
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import MANY_HALLS, PLAN

DATA = {"template": "bekasi"}

test_agenda_template = refusals(
    "agenda.template",
    Case(DRAFT, {**DATA, "replace": True}),
    phases=("draft", "lobby"),
    unknown_template=Case(DRAFT, {"template": "unheard-of"}),
    agenda_exists=Case((*DRAFT, PLAN), DATA),
    agenda_full=Case(MANY_HALLS, {"template": "bekasi"}, says={"most": 100}),
)
