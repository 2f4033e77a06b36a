"""What session.create refuses."""

from tests.sessions.given import ADMIN, DRAFT
from tests.sessions.refusals.case import Case, refusals

DATA = {"title": "Musrenbang", "kind": "plenary", "place": "Aula", "date": "2026-02-01"}

test_session_create = refusals(
    "session.create",
    Case((), DATA, ADMIN),
    Case(
        (), {**DATA, "level": "KECAMATAN", "form": "PLENARY", "year": 2027, "feeds": "kota", "previous": "lalu"}, ADMIN
    ),
    already_exists=Case(DRAFT, DATA, ADMIN),
    bad_input=[
        Case((), {**DATA, "form": "GROUP"}, ADMIN, says={"field": "form"}),
        Case((), {**DATA, "feeds": "bekasi-2018"}, ADMIN, says={"field": "feeds"}),
        Case((), {**DATA, "previous": "bekasi-2018"}, ADMIN, says={"field": "previous"}),
        Case((), {**DATA, "date": "2026-02-31"}, ADMIN, says={"field": "date"}),
    ],
)
