"""What hall.mute refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_hall_mute = refusals(
    "hall.mute",
    Case(OPENED, {"hall": "pejuang", "muted": True}),
    phases=NOT_SEALED,
    unknown_hall=Case(OPENED, {"hall": "nowhere", "muted": True}, says={"hall": "nowhere"}),
)
