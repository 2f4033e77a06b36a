"""What seat.add refuses."""

from tests.sessions.given import ADMIN, DRAFT
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

SEAT = {"seat": "q", "hall": "pejuang", "office": "Ketua RW 1"}

test_seat_add = refusals(
    "seat.add",
    Case(DRAFT, {**SEAT, "voice": True, "vote": False, "constituency": "WOMEN", "rw": "01"}, ADMIN),
    phases=BEFORE_THE_END,
    already_exists=Case(DRAFT, {**SEAT, "seat": "pejuang-07"}, ADMIN, says={"seat": "pejuang-07"}),
    unknown_hall=Case(DRAFT, {**SEAT, "hall": "nowhere"}, ADMIN, says={"hall": "nowhere"}),
)
