"""What parcel.delivered refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import UNDER_WAY

test_parcel_delivered = refusals(
    "parcel.delivered",
    Case((*OPENED, UNDER_WAY), {"parcel": "p1"}, SYSTEM),
)
