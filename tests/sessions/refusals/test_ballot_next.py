"""What ballot.next refuses."""

from dataclasses import replace

from sessions.ids import BallotId, SeatId
from sessions.model.attendance import AttendanceRules
from sessions.model.rules import Rules
from sessions.rules import RulesSet
from tests.sessions.given import ballot_opened, more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_ballot import CLOSED, RUNNING, VOID
from tests.sessions.test_ballot_methods import closed, opened

TIED = closed(opened("single", tie="revote"), {"pejuang-07": ("x",), "jatiasih-11": ("y",)})
OTHER = more(TIED, [ballot_opened(ballot=BallotId("b2"))])
HANDS = {SeatId("pejuang-07"): "hand"}
VOTES = {"pejuang-07": ("x",), "jatiasih-11": ("y",)}
SECRET = replace(closed(opened("single", secrecy="secret", tie="revote"), VOTES), channels=HANDS)
RANKED = {"pejuang-07": ("x", "y"), "jatiasih-11": ("y", "x")}
BORDA = replace(closed(opened("borda", tie="revote", places=1), RANKED), channels=HANDS)
DATA = {"ballot": "b1"}
WITH_QUORUM = RulesSet(Rules(attendance=AttendanceRules(quorum_needed_for_ballots=True)))

test_ballot_next = refusals(
    "ballot.next",
    Case(TIED, DATA),
    phases=("open",),
    unknown_ballot=Case(TIED, {"ballot": "b9"}, says={"ballot": "b9"}),
    no_next_round=Case(CLOSED, DATA, says={"ballot": "b1"}),
    ballot_void=Case(VOID, DATA, says={"ballot": "b1"}),
    ballot_is_open=[Case(RUNNING, DATA, says={"ballot": "b1"}), Case(OTHER, DATA, says={"ballot": "b2"})],
    no_quorum=Case(more(TIED, [WITH_QUORUM]), DATA),
    no_electorate=Case(replace(TIED, seats={}), DATA),
    not_on_secret=Case(SECRET, DATA, says={"field": "channel"}),
    hand_not_counted=Case(BORDA, DATA, says={"method": "borda"}),
)
