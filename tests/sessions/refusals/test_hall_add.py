"""What hall.add refuses."""

from tests.sessions.given import ADMIN, DRAFT
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

test_hall_add = refusals(
    "hall.add",
    Case(DRAFT, {"hall": "q", "name": "Margahayu", "kecamatan": "Bekasi Timur", "order": 3}, ADMIN),
    phases=BEFORE_THE_END,
    already_exists=Case(DRAFT, {"hall": "pejuang", "name": "Pejuang"}, ADMIN, says={"hall": "pejuang"}),
)
