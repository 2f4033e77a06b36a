"""What chair.hand refuses."""

from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED
from tests.sessions.test_chair import CARDS, FIRST, LED, OTHER

test_chair_hand = refusals(
    "chair.hand",
    Case(LED, {"pass": "p-second"}),
    not_leader=[Case(LED, {"pass": "p-second"}, OTHER, says={"leader": FIRST}), Case(CARDS, {"pass": "p-second"})],
    unknown_pass=[Case(LED, {"pass": "p-layar"}), Case(LED, {"pass": "p-nobody"})],
    phases=NOT_SEALED,
)
