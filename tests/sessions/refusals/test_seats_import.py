"""What seats.import refuses."""

from tests.sessions.given import ADMIN, DRAFT
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

SEAT = {"seat": "q", "hall": "pejuang", "office": "Ketua RW 1"}

test_seats_import = refusals(
    "seats.import",
    Case(DRAFT, {"seats": [SEAT]}, ADMIN),
    phases=BEFORE_THE_END,
    already_exists=[
        Case(DRAFT, {"seats": [SEAT, {**SEAT, "seat": "pejuang-07"}]}, ADMIN, says={"seat": "pejuang-07"}),
        Case(DRAFT, {"seats": [SEAT, SEAT]}, ADMIN, says={"seat": "q"}),
    ],
    unknown_hall=Case(DRAFT, {"seats": [{**SEAT, "hall": "nowhere"}]}, ADMIN, says={"hall": "nowhere"}),
)
