"""What hall.edit refuses."""

from tests.sessions.given import ADMIN, DRAFT, OPENED
from tests.sessions.refusals.case import Case, refusals

test_hall_edit = refusals(
    "hall.edit",
    Case(DRAFT, {"hall": "pejuang", "name": "Pejuang Jaya", "kecamatan": "Medansatria"}, ADMIN),
    phases=("draft", "lobby"),
    unknown_hall=Case(DRAFT, {"hall": "q", "name": "Pejuang"}, ADMIN, says={"hall": "q"}),
    wrong_phase=Case(OPENED, {"hall": "pejuang", "name": "Pejuang Jaya"}, ADMIN),
)
