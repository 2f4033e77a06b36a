"""What cast.mirror refuses."""

from sessions.casting import CastReceived
from sessions.ids import SessionId
from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

DATA = {"source": "pembuka", "upto": 7, "shown": {"scene": "board"}}

test_cast_mirror = refusals(
    "cast.mirror",
    Case((*OPENED, CastReceived(SessionId("pembuka"), "Pleno pembuka")), DATA, SYSTEM),
    phases=NOT_SEALED,
    loose=True,
)
