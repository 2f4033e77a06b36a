"""What cast.leave refuses."""

from sessions.casting import CastReceived
from sessions.ids import SessionId
from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_cast_leave = refusals(
    "cast.leave",
    Case((*OPENED, CastReceived(SessionId("pembuka"), "Pleno pembuka"))),
    phases=NOT_SEALED,
)
