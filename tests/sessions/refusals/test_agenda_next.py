"""What agenda.next refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import PLANNED

test_agenda_next = refusals("agenda.next", Case(PLANNED), phases=("open",), agenda_ended=Case(OPENED))
