"""What record.correct refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_record_correct = refusals(
    "record.correct",
    Case(OPENED, {"section": "annex_2", "text": "Volume nomor 3 seharusnya 120 m."}),
    phases=NOT_SEALED,
    bad_input=Case(OPENED, {"section": "annex_9", "text": "x"}, says={"field": "section"}),
)
