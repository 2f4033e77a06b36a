"""What attendance.check_in refuses."""

from sessions.model.attendance import AttendanceRules
from sessions.model.rules import Rules
from sessions.rules import RulesSet
from tests.sessions.given import DELEGATE_07, DELEGATE_11, HALL_JATIASIH, HALL_PEJUANG, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

AT_THE_DOOR = (*OPENED, RulesSet(Rules(attendance=AttendanceRules(self_check_in=False))))

test_attendance_check_in = refusals(
    "attendance.check_in",
    Case(OPENED, {"seat": "pejuang-07", "channel": "qr"}, HALL_PEJUANG),
    Case(OPENED, {"seat": "pejuang-07"}, DELEGATE_07),
    Case(OPENED, {"guests": 12, "hall": "pejuang"}),
    phases=BEFORE_THE_END,
    unknown_seat=Case(OPENED, {"seat": "nobody"}, says={"seat": "nobody"}),
    unknown_hall=Case(OPENED, {"guests": 3, "hall": "nowhere"}, says={"hall": "nowhere"}),
    wrong_hall=[
        Case(OPENED, {"seat": "pejuang-07"}, HALL_JATIASIH, says={"hall": "pejuang", "name": "Pejuang"}),
        Case(OPENED, {"guests": 3, "hall": "pejuang"}, HALL_JATIASIH, says={"hall": "pejuang"}),
    ],
    no_self_check_in=Case(AT_THE_DOOR, {"seat": "pejuang-07"}, DELEGATE_07),
    forbidden=[Case(OPENED, {"seat": "pejuang-07"}, DELEGATE_11), Case(OPENED, {"guests": 3}, DELEGATE_11)],
    bad_input=[
        Case(OPENED, {"seat": "pejuang-07", "channel": "qr"}, DELEGATE_07, says={"field": "channel"}),
        Case(OPENED, {"guests": 3}, says={"field": "hall"}),
        Case(OPENED, {"seat": "pejuang-07", "guests": 3}, HALL_PEJUANG),
        Case(OPENED, {}),
    ],
)
