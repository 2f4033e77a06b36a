"""What attendance.leave refuses."""

from tests.sessions.given import DELEGATE_07, DELEGATE_11, HALL_JATIASIH, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

test_attendance_leave = refusals(
    "attendance.leave",
    Case(OPENED, {"seat": "pejuang-07"}, DELEGATE_07),
    phases=BEFORE_THE_END,
    unknown_seat=Case(OPENED, {"seat": "nobody"}, says={"seat": "nobody"}),
    wrong_hall=Case(OPENED, {"seat": "pejuang-07"}, HALL_JATIASIH, says={"hall": "pejuang"}),
    forbidden=Case(OPENED, {"seat": "pejuang-07"}, DELEGATE_11),
)
