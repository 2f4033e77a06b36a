"""What ballot.rerun refuses."""

from dataclasses import replace

from sessions.ids import BallotId
from sessions.model.attendance import AttendanceRules
from sessions.model.rules import Rules
from sessions.rules import RulesSet
from tests.sessions.given import ballot_opened, more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_ballot import CLOSED, EMPTY, RUNNING

DATA = {"ballot": "b1", "reason": "sambungan terputus"}
WITH_QUORUM = RulesSet(Rules(attendance=AttendanceRules(quorum_needed_for_ballots=True)))
NOBODY = replace(CLOSED, seats={})
OTHER = more(CLOSED, [ballot_opened(ballot=BallotId("b2"))])
BY_HAND = replace(CLOSED, channels={"pejuang-07": "hand"})

test_ballot_rerun = refusals(
    "ballot.rerun",
    Case(RUNNING, DATA, box=EMPTY),
    Case(CLOSED, DATA),
    phases=("open",),
    unknown_ballot=Case(RUNNING, {**DATA, "ballot": "b9"}, says={"ballot": "b9"}),
    reason_required=Case(CLOSED, {"ballot": "b1"}),
    ballot_is_open=Case(OTHER, DATA, says={"ballot": "b2"}),
    no_quorum=Case(more(CLOSED, [WITH_QUORUM]), DATA),
    no_electorate=Case(NOBODY, DATA),
    not_on_secret=Case(BY_HAND, DATA, says={"field": "channel"}),
)
