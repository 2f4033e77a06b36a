"""What cast.stop refuses."""

from sessions.casting import CastSet
from sessions.ids import SessionId
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import LINKED, NOT_SEALED

test_cast_stop = refusals(
    "cast.stop",
    Case((*LINKED, CastSet((SessionId("senen"),)))),
    phases=NOT_SEALED,
)
