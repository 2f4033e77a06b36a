"""What parcel.forget refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import TURNED, UNDER_WAY

DATA = {"parcel": "p1", "reason": "sudah ditutup"}

test_parcel_forget = refusals(
    "parcel.forget",
    Case((*OPENED, UNDER_WAY, TURNED), DATA),
    unknown_parcel=Case(OPENED, DATA, says={"parcel": "p1"}),
    parcel_under_way=Case((*OPENED, UNDER_WAY), DATA, says={"parcel": "p1"}),
    reason_required=Case((*OPENED, UNDER_WAY, TURNED), {"parcel": "p1"}),
)
