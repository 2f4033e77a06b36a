"""What deck.add refuses."""

from sessions.deck import DeckAdded
from sessions.ids import DeckId
from sessions.model.rules import Rules
from tests.sessions.given import OPENED, PEJUANG, SYSTEM
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_deck import BOTH, PAPARAN

SITE = Rules().site
MANY = (*OPENED, *(DeckAdded(DeckId(f"many-{n}"), "Paparan", 1) for n in range(SITE.decks_most)))
HALLS = (*OPENED, *(DeckAdded(DeckId(f"many-{n}"), "Paparan", 1, PEJUANG) for n in range(SITE.decks_a_hall)))

test_deck_add = refusals(
    "deck.add",
    Case(OPENED, {**PAPARAN, "hall": "pejuang"}, SYSTEM),
    phases=BEFORE_THE_END,
    already_exists=Case(BOTH, PAPARAN, SYSTEM, says={"deck": "d1"}),
    unknown_hall=Case(OPENED, {**PAPARAN, "hall": "nowhere"}, SYSTEM, says={"hall": "nowhere"}),
    too_many_decks=[Case(MANY, PAPARAN, SYSTEM), Case(HALLS, {**PAPARAN, "hall": "pejuang"}, SYSTEM)],
)
