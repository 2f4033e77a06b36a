"""What floor.resume refuses."""

from sessions.session import SessionRecessed
from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import HELD, PAUSED

test_floor_resume = refusals(
    "floor.resume",
    Case(PAUSED),
    phases=("open",),
    floor_is_free=Case(OPENED),
    floor_not_paused=Case(HELD),
    wrong_phase=Case((*PAUSED, SessionRecessed("salat"))),
)
