"""What quorum.declare refuses."""

from sessions.quorum import QuorumPostponed
from sessions.session import SessionOpened
from tests.sessions.given import CREATED, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_quorum import TOMORROW, WAITED

test_quorum_declare = refusals(
    "quorum.declare",
    Case(OPENED),
    phases=("lobby", "open", "recess"),
    nobody_invited=Case((CREATED, SessionOpened())),
    quorum_postponed=Case((*WAITED, QuorumPostponed(TOMORROW)), says={"date": TOMORROW}),
)
