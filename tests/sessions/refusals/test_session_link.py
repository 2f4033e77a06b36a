"""What session.link refuses."""

from tests.sessions.given import ADMIN, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

DATA = {"feeds": "kota", "previous": "lalu"}

test_session_link = refusals(
    "session.link",
    Case(OPENED, {**DATA, "reaches": ["senen"]}, ADMIN),
    phases=NOT_SEALED,
    bad_input=[
        Case(OPENED, {**DATA, "feeds": "bekasi-2018"}, ADMIN, says={"field": "feeds"}),
        Case(OPENED, {**DATA, "previous": "bekasi-2018"}, ADMIN, says={"field": "previous"}),
        Case(OPENED, {**DATA, "reaches": ["bekasi-2018"]}, ADMIN, says={"field": "reaches"}),
    ],
)
