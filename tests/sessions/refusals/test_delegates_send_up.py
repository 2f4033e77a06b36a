"""What delegates.send_up refuses."""

from sessions.delegates import DelegatesChosen
from tests.sessions.given import OPENED, RW07
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import LINKED, SINCE_OPENING

CHOSEN = DelegatesChosen((RW07,))

test_delegates_send_up = refusals(
    "delegates.send_up",
    Case((*LINKED, CHOSEN), {"to": "kota"}),
    phases=SINCE_OPENING,
    no_next_level=Case((*OPENED, CHOSEN)),
    nothing_to_send=Case(LINKED),
    not_linked=Case((*LINKED, CHOSEN), {"to": "tetangga"}, says={"session": "tetangga"}),
    bad_input=Case((*LINKED, CHOSEN), {"to": "bekasi-2018"}, says={"field": "to"}),
)
