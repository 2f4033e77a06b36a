"""What ballot.open refuses."""

from sessions.model.attendance import AttendanceRules
from sessions.model.ballot import VotingRules
from sessions.model.rules import Rules
from sessions.rules import RulesSet
from tests.sessions.given import OPENED, ballot_opened, given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD

OPTIONS = [{"id": "x", "label": "Drainase"}, {"id": "y", "label": "Jalan"}]
DATA = {"title": "Prioritas", "options": OPTIONS, "choose_max": 1, "secrecy": "open"}
SECRET = {**DATA, "secrecy": "secret"}
BUDGET = {"title": "Anggaran", "options": OPTIONS, "secrecy": "open", "method": "knapsack", "budget": 100}
NOBODY = tuple(event for event in OPENED if type(event).__name__ != "SeatAdded")
WITH_QUORUM = RulesSet(Rules(attendance=AttendanceRules(quorum_needed_for_ballots=True)))
CONSENSUS_FIRST = RulesSet(Rules(voting=VotingRules(consensus_first=True)))
BY_HAND = more(given(*OPENED), when(given(*OPENED), "channel.set", {"seats": ["pejuang-07"], "channel": "hand"}))
FEW = {"kind": "seats", "seats": ["pejuang-07"]}

test_ballot_open = refusals(
    "ballot.open",
    Case(OPENED, {**SECRET, "proof": "inclusion", "seconds": 120}),
    Case(BOARD, {"title": "Usulan", "proposals": ["a", "b"], "choose_max": 2, "secrecy": "open"}),
    phases=("open",),
    ballot_is_open=Case((*OPENED, ballot_opened()), DATA, says={"ballot": "b1"}),
    no_electorate=Case(NOBODY, DATA),
    no_quorum=Case((*OPENED, WITH_QUORUM), DATA),
    consensus_first=Case(
        (*BOARD, CONSENSUS_FIRST),
        {"title": "Usulan", "proposals": ["a", "b"], "choose_max": 1, "secrecy": "open"},
        says={"proposals": ["a", "b"]},
    ),
    cost_missing=Case(OPENED, BUDGET, says={"option": "x"}),
    not_on_secret=[
        Case(OPENED, {**SECRET, "weights": "hall_voting"}, says={"field": "weights"}),
        Case(OPENED, {**SECRET, "revote": True}, says={"field": "revote"}),
        Case(OPENED, {**SECRET, "electorate": FEW}, says={"field": "electorate"}),
        Case(BY_HAND, SECRET, says={"field": "channel"}),
    ],
    hand_not_counted=Case(BY_HAND, {**DATA, "method": "borda"}, says={"method": "borda"}),
    bad_input=[
        Case(OPENED, {**DATA, "choose_max": 3}, says={"field": "choose_max"}),
        Case(OPENED, {**DATA, "options": OPTIONS[:1]}, says={"field": "options"}),
        Case(OPENED, {**DATA, "options": [*OPTIONS, OPTIONS[0]]}),
        Case(OPENED, {**DATA, "electorate": {"kind": "halls", "halls": ["nowhere"]}}, says={"field": "electorate"}),
        Case(OPENED, {**DATA, "about": ["z"]}, says={"field": "proposals"}),
    ],
)
