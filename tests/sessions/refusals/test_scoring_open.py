"""What scoring.open refuses."""

from sessions.model.rules import Rules
from sessions.model.scoring import ScoringRules
from sessions.rules import RulesSet
from tests.sessions.given import ADMIN, OPENED, given, more, when
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_scoring import OPEN_DATA, READY, RUNNING

ROWS = [{"title": "Jalan", "hall": "pejuang"} for _ in range(501)]
CROWDED = more(given(*OPENED), when(given(*OPENED), "proposals.import", {"proposals": ROWS}, ADMIN))
BY_PEOPLE = (*READY, RulesSet(Rules(scoring=ScoringRules(agencies=False))))

test_scoring_open = refusals(
    "scoring.open",
    Case(READY, {**OPEN_DATA, "title": "Skoring bidang", "seconds": 600}),
    phases=("open",),
    scoring_is_open=Case(RUNNING, OPEN_DATA, says={"scoring": "s1"}),
    unknown_proposal=Case(READY, {**OPEN_DATA, "proposals": ["z"]}, says={"proposal": "z"}),
    unknown_seat=Case(READY, {**OPEN_DATA, "scorers": ["nobody"]}, says={"seat": "nobody"}),
    unknown_criteria=Case(READY, {**OPEN_DATA, "criteria": "unheard-of"}, says={"criteria": "unheard-of"}),
    no_scorers=Case(BY_PEOPLE, {**OPEN_DATA, "scorers": []}),
    nothing_to_score=Case(READY, {"status": "RESERVE", "scorers": ["jatiasih-11"]}),
    too_many_proposals=Case(CROWDED, {"status": "SUBMITTED", "scorers": ["jatiasih-11"]}, says={"most": 500}),
    bad_input=Case(READY, {"scorers": ["jatiasih-11"]}),
)
