"""What record.addendum refuses."""

from sessions.session import SessionSealed
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import CLOSED

DATA = {"text": "Volume pada nomor 3 seharusnya 120 m.", "reason": "salah ketik"}

test_record_addendum = refusals(
    "record.addendum",
    Case((*CLOSED, SessionSealed()), DATA),
    phases=("sealed",),
    reason_required=Case((*CLOSED, SessionSealed()), {**DATA, "reason": ""}),
)
