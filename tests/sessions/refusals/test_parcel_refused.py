"""What parcel.refused refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import UNDER_WAY

test_parcel_refused = refusals(
    "parcel.refused",
    Case((*OPENED, UNDER_WAY), {"parcel": "p1", "code": "session_sealed", "tries": 1, "detail": "{}"}, SYSTEM),
)
