"""What delegates.received refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, IN_REHEARSAL

SEAT = {"seat": "aula-1", "hall": "pejuang", "office": "Ketua RW 01"}
DATA = {"origin": "gondangdia", "territory": "31.71", "rehearsal": False, "seats": [SEAT]}

test_delegates_received = refusals(
    "delegates.received",
    Case(OPENED, DATA, SYSTEM),
    phases=BEFORE_THE_END,
    loose=True,
    rehearsal_differs=Case(IN_REHEARSAL, DATA, SYSTEM),
    unknown_territory=Case(OPENED[:1], DATA, SYSTEM, says={"halls": ["pejuang"]}),
)
