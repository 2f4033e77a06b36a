"""What scoring.void refuses."""

from sessions.scoring import ScoringVoided
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_scoring import RUNNING

DATA = {"scoring": "s1", "reason": "kriteria keliru"}

test_scoring_void = refusals(
    "scoring.void",
    Case(RUNNING, DATA),
    phases=NOT_SEALED,
    unknown_scoring=Case(RUNNING, {**DATA, "scoring": "s9"}, says={"scoring": "s9"}),
    scoring_void=Case((*RUNNING, ScoringVoided("s1", "salah")), DATA),
    reason_required=Case(RUNNING, {"scoring": "s1"}),
)
