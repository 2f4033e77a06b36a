"""What floor.request refuses."""

from sessions.floor import FloorRequested
from sessions.hall import SeatAdded
from sessions.ids import RequestId, SeatId
from tests.sessions.given import DELEGATE_07, DELEGATE_GUEST, HALL_JATIASIH, HALL_PEJUANG, OPENED, PEJUANG, THREE
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import HELD, QUEUED

MANY = tuple(SeatAdded(SeatId(f"s{n}"), PEJUANG, "Ketua RT", voice=True, vote=True) for n in range(300))
FULL = (*OPENED, *MANY, *(FloorRequested(RequestId(f"r-{n}"), PEJUANG, SeatId(f"s{n}")) for n in range(300)))

test_floor_request = refusals(
    "floor.request",
    Case(OPENED, {"note": "soal drainase"}, DELEGATE_07),
    Case((*OPENED, *THREE), {"kind": "for", "proposal": "a"}, HALL_PEJUANG),
    Case(QUEUED, {"kind": "point_of_order"}, DELEGATE_07),
    phases=("open",),
    already_queued=[
        Case(QUEUED, {}, DELEGATE_07, says={"request": "r1"}),
        Case(HELD, {}, DELEGATE_07, says={"request": "r1"}),
        Case(QUEUED, {}, HALL_JATIASIH, says={"request": "r2"}),
    ],
    no_voice=Case(OPENED, {}, DELEGATE_GUEST),
    unknown_proposal=Case(OPENED, {"proposal": "z"}, DELEGATE_07, says={"proposal": "z"}),
    queue_full=Case(FULL, {}, DELEGATE_07),
)
