"""What cast.start refuses."""

from sessions.casting import CastReceived
from sessions.ids import SessionId
from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, LINKED

SHOWING = (*LINKED, CastReceived(SessionId("pembuka"), "Pleno pembuka"))

test_cast_start = refusals(
    "cast.start",
    Case(LINKED, {"sessions": ["senen"]}),
    phases=BEFORE_THE_END,
    cast_busy=Case(SHOWING, {"sessions": ["senen"]}, says={"source": "pembuka"}),
    not_linked=Case(OPENED, {"sessions": ["senen"]}, says={"session": "senen"}),
    bad_input=[
        Case(LINKED, {"sessions": ["bekasi-2018"]}, says={"field": "sessions"}),
        Case(LINKED, {"sessions": ["senen", "senen"]}, says={"field": "sessions"}),
    ],
)
