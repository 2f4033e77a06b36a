"""What delegates.choose refuses."""

from sessions.ballot import BallotClosed
from sessions.delegates import DelegatesChosen, DelegatesSentUp
from sessions.ids import BallotId, SessionId
from sessions.journal import BoxCount
from sessions.model.ballot import Option
from sessions.model.delegates import DelegateRules
from sessions.model.rules import Rules
from sessions.model.settings import Share
from sessions.rules import RulesSet
from sessions.tally import tally
from tests.sessions.given import OPENED, RW07, ballot_opened, given, more
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import SINCE_OPENING
from tests.sessions.test_ballot import CLOSED, RUNNING, VOID

STOOD = (Option("pejuang-07", "Ketua RW 07"), Option("jatiasih-11", "Ketua RW 11"))
VOTED = given(*OPENED, ballot_opened("open", options=STOOD, choose_max=1))
BOX = BoxCount((("jatiasih-11",),), ("jatiasih-11",), (), (("jatiasih-11", ("jatiasih-11",)),))
ELECTION = more(VOTED, [BallotClosed(BallotId("b1"), tally(VOTED.ballots[BallotId("b1")], BOX))])
DATA = {"seats": ["pejuang-07", "jatiasih-11"], "by": "acclamation"}
BY_BALLOT = {"seats": ["pejuang-07"], "by": "b1"}
SENT = (*OPENED, DelegatesChosen((RW07,)), DelegatesSentUp((RW07,), SessionId("kota")))


def ruled(**rules: object) -> tuple[object, ...]:
    return (*OPENED, RulesSet(Rules(delegates=DelegateRules(**rules))))  # type: ignore[arg-type]


test_delegates_choose = refusals(
    "delegates.choose",
    Case(OPENED, {**DATA, "reason": "mufakat"}),
    Case(CLOSED, BY_BALLOT),
    phases=SINCE_OPENING,
    unknown_seat=Case(OPENED, {**DATA, "seats": ["nobody"]}, says={"seat": "nobody"}),
    too_many_delegates=[
        Case(ruled(total=1), DATA, says={"most": 1, "chosen": 2, "hall": None}),
        Case(ruled(per_hall=1), {**DATA, "seats": ["jatiasih-11", "jatiasih-tamu"]}, says={"hall": "jatiasih"}),
    ],
    too_few_women=Case(ruled(women=Share(1, 3)), DATA, says={"least": 1, "chosen": 0}),
    unknown_ballot=Case(OPENED, BY_BALLOT, says={"ballot": "b1"}),
    ballot_is_open=Case(RUNNING, BY_BALLOT, says={"ballot": "b1"}),
    ballot_void=Case(VOID, BY_BALLOT, says={"ballot": "b1"}),
    not_elected=Case(ELECTION, BY_BALLOT, says={"ballot": "b1", "seats": ["pejuang-07"]}),
    delegates_sent=Case(SENT, DATA),
    bad_input=Case(OPENED, {**DATA, "seats": ["pejuang-07", "pejuang-07"]}, says={"field": "seats"}),
)
