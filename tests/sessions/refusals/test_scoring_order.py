"""What scoring.order refuses."""

from sessions.scoring import ScoringVoided
from tests.sessions.given import given
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_scoring import CLOSED, RUNNING, closed

TIED = closed(given(*CLOSED))
DATA = {"scoring": "s1", "proposals": ["c", "a"], "reason": "musyawarah"}

test_scoring_order = refusals(
    "scoring.order",
    Case(TIED, DATA),
    phases=NOT_SEALED,
    unknown_scoring=Case(TIED, {**DATA, "scoring": "s9"}, says={"scoring": "s9"}),
    scoring_is_open=Case(RUNNING, DATA, says={"scoring": "s1"}),
    scoring_void=Case((*RUNNING, ScoringVoided("s1", "salah")), DATA),
    not_tied=Case(TIED, {**DATA, "proposals": ["a", "b"]}, says={"proposals": ["a", "c"]}),
    reason_required=Case(TIED, {"scoring": "s1", "proposals": ["c", "a"]}),
)
