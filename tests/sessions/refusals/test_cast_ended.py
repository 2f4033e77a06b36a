"""What cast.ended refuses."""

from sessions.casting import CastReceived
from sessions.ids import SessionId
from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals

test_cast_ended = refusals(
    "cast.ended",
    Case((*OPENED, CastReceived(SessionId("pembuka"), "Pleno pembuka")), {"source": "pembuka"}, SYSTEM),
    loose=True,
)
