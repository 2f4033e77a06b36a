"""What photo.remove refuses."""

from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, SYSTEM, given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_answer import ANY_DESK, ROADS_DESK, WATER
from tests.sessions.test_answer import BOARD as OF_DESKS
from tests.sessions.test_photo import BOARD, PHOTO

SURVEYED = given(*OF_DESKS)
SURVEYED = more(SURVEYED, when(SURVEYED, "photo.attach", {**PHOTO, "kind": "survey"}, SYSTEM))
SHOWN = more(given(*BOARD), when(given(*BOARD), "photo.attach", PHOTO, SYSTEM))
DATA = {"proposal": "a", "photo": "f1"}

test_photo_remove = refusals(
    "photo.remove",
    Case(SHOWN, DATA, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_proposal=Case(SHOWN, {**DATA, "proposal": "z"}),
    unknown_photo=Case(SHOWN, {**DATA, "photo": "f9"}, says={"photo": "f9"}),
    forbidden=[Case(SHOWN, DATA, HALL_JATIASIH), Case(SHOWN, DATA, ANY_DESK), Case(SURVEYED, DATA, HALL_PEJUANG)],
    other_agency=Case(SURVEYED, DATA, ROADS_DESK, says={"agency": WATER}),
)
