"""What hall.witness refuses."""

from sessions.attendance import WitnessNamed
from sessions.hall import SeatAdded
from sessions.ids import SeatId
from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, OPENED, PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END

THREE_MORE = tuple(SeatAdded(SeatId(f"w{n}"), PEJUANG, "Ketua RT", voice=True, vote=True) for n in (1, 2, 3))
COMPLETE = (*OPENED, *THREE_MORE, *(WitnessNamed(PEJUANG, SeatId(f"w{n}")) for n in (1, 2, 3)))
DATA = {"hall": "pejuang", "seat": "pejuang-07"}

test_hall_witness = refusals(
    "hall.witness",
    Case(OPENED, {**DATA, "named": True}, HALL_PEJUANG),
    phases=BEFORE_THE_END,
    unknown_hall=Case(OPENED, {**DATA, "hall": "nowhere"}, says={"hall": "nowhere"}),
    unknown_seat=Case(OPENED, {**DATA, "seat": "nobody"}, says={"seat": "nobody"}),
    wrong_hall=[Case(OPENED, {**DATA, "hall": "jatiasih"}), Case(OPENED, DATA, HALL_JATIASIH)],
    witnesses_complete=Case(COMPLETE, DATA),
)
