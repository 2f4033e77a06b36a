"""What deck.hide refuses."""

from sessions.deck import DeckShown
from tests.sessions.given import HALL_PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_deck import BOTH, D1

test_deck_hide = refusals(
    "deck.hide",
    Case((*BOTH, DeckShown(D1, 1))),
    phases=NOT_SEALED,
    forbidden=Case((*BOTH, DeckShown(D1, 1)), {}, HALL_PEJUANG),
)
