"""What session.edit refuses."""

from tests.sessions.given import ADMIN, DRAFT, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

DATA = {"place": "Aula Nusantara"}

test_session_edit = refusals(
    "session.edit",
    Case(OPENED, {**DATA, "reason": "pindah gedung"}, ADMIN),
    Case(DRAFT, DATA, ADMIN),
    phases=BEFORE_THE_END,
    reason_required=Case(OPENED, DATA, ADMIN),
    bad_input=[
        Case(DRAFT, {}, ADMIN),
        Case(DRAFT, {"title": " "}, ADMIN, says={"field": "title"}),
        Case(DRAFT, {"date": "2018-02-30"}, ADMIN, says={"field": "date"}),
        Case(DRAFT, {"tz": "UTC"}, ADMIN, says={"field": "tz"}),
        Case(DRAFT, {"year": 1999}, ADMIN, says={"field": "year"}),
        Case(DRAFT, {"territory": {"code": "3275"}}, ADMIN, says={"field": "territory.name"}),
    ],
)
