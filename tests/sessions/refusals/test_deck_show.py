"""What deck.show refuses."""

from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_deck import BOTH

test_deck_show = refusals(
    "deck.show",
    Case(BOTH, {"deck": "d1", "page": 3}),
    phases=BEFORE_THE_END,
    unknown_deck=Case(BOTH, {"deck": "d9"}, says={"deck": "d9"}),
    forbidden=[Case(BOTH, {"deck": "d1"}, HALL_PEJUANG), Case(BOTH, {"deck": "d2"}, HALL_JATIASIH)],
    bad_input=Case(BOTH, {"deck": "d1", "page": 13}, says={"field": "page"}),
)
