"""What proposals.received refuses."""

import json

from tests.sessions.given import OPENED, SYSTEM, given, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END, CHOSEN, IN_REHEARSAL

DATA = json.loads(when(given(*CHOSEN), "proposals.send_up")[1].body)

test_proposals_received = refusals(
    "proposals.received",
    Case(OPENED, DATA, SYSTEM),
    phases=BEFORE_THE_END,
    loose=True,
    rehearsal_differs=Case(IN_REHEARSAL, DATA, SYSTEM),
    unknown_territory=Case(OPENED[:1], DATA, SYSTEM, says={"halls": ["pejuang"]}),
)
