"""What record.confirm refuses."""

from sessions.record import RecordCorrected
from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

DATA = {"upto": 7, "digest": "0f" * 32}

test_record_confirm = refusals(
    "record.confirm",
    Case(OPENED, DATA),
    phases=NOT_SEALED,
    record_changed=Case((*OPENED, RecordCorrected("block", "x")), DATA, says={"seq": 8}),
    bad_input=Case(OPENED, {**DATA, "upto": 9}, says={"field": "upto"}),
)
