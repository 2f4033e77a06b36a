"""What score.give refuses."""

from tests.sessions.given import DELEGATE_07, DELEGATE_11, DELEGATE_GUEST
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_scoring import READY, RUNNING, THREES

DATA = {"proposal": "b", "scores": THREES}

test_score_give = refusals(
    "score.give",
    Case(RUNNING, {**DATA, "note": "mendesak"}, DELEGATE_07),
    phases=NOT_SEALED,
    scoring_closed=Case(READY, DATA, DELEGATE_07),
    not_a_scorer=Case(RUNNING, DATA, DELEGATE_GUEST),
    unknown_proposal=Case(RUNNING, {**DATA, "proposal": "z"}, DELEGATE_07, says={"proposal": "z"}),
    own_area=Case(RUNNING, DATA, DELEGATE_11, says={"proposal": "b"}),
    out_of_scale=Case(RUNNING, {**DATA, "scores": {**THREES, "need": 9}}, DELEGATE_07, says={"field": "scores.need"}),
    score_missing=Case(
        RUNNING, {**DATA, "scores": {"need": 3}}, DELEGATE_07, says={"missing": ["condition", "impact"]}
    ),
    bad_input=Case(RUNNING, {**DATA, "scores": {**THREES, "luck": 3}}, DELEGATE_07, says={"field": "scores.luck"}),
)
