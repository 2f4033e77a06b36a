"""What seat.edit refuses."""

from tests.sessions.given import ADMIN, DRAFT, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

test_seat_edit = refusals(
    "seat.edit",
    Case(DRAFT, {"seat": "pejuang-07", "voice": False, "vote": True, "constituency": "RW", "rw": "08"}, ADMIN),
    Case(DRAFT, {"seat": "pejuang-07", "office": "Ketua RW 08"}, ADMIN),
    phases=BEFORE_THE_END,
    unknown_seat=Case(DRAFT, {"seat": "q", "vote": True}, ADMIN, says={"seat": "q"}),
    wrong_phase=Case(OPENED, {"seat": "pejuang-07", "office": "Ketua RW 08"}, ADMIN),
)
