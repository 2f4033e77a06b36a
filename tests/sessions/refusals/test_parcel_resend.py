"""What parcel.resend refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import TURNED, UNDER_WAY

test_parcel_resend = refusals(
    "parcel.resend",
    Case((*OPENED, UNDER_WAY, TURNED), {"parcel": "p1"}),
    unknown_parcel=Case(OPENED, {"parcel": "p1"}, says={"parcel": "p1"}),
    parcel_under_way=Case((*OPENED, UNDER_WAY), {"parcel": "p1"}, says={"parcel": "p1"}),
)
