"""What file.remove refuses."""

from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, given
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_document import lettered
from tests.sessions.test_photo import BOARD

THERE = lettered(given(*BOARD), "f1")
DATA = {"proposal": "a", "file": "f1"}

test_file_remove = refusals(
    "file.remove",
    Case(THERE, DATA, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_proposal=Case(THERE, {**DATA, "proposal": "z"}),
    unknown_file=Case(THERE, {**DATA, "file": "f9"}, says={"file": "f9"}),
    forbidden=Case(THERE, DATA, HALL_JATIASIH),
)
