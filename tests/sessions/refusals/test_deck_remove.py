"""What deck.remove refuses."""

from sessions.deck import DeckShown
from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_deck import BOTH, D1

test_deck_remove = refusals(
    "deck.remove",
    Case(BOTH, {"deck": "d1"}),
    phases=BEFORE_THE_END,
    unknown_deck=Case(BOTH, {"deck": "d9"}, says={"deck": "d9"}),
    forbidden=[Case(BOTH, {"deck": "d1"}, HALL_PEJUANG), Case(BOTH, {"deck": "d2"}, HALL_JATIASIH)],
    deck_is_shown=Case((*BOTH, DeckShown(D1, 1)), {"deck": "d1"}, says={"deck": "d1"}),
)
