"""What panel.set refuses."""

from sessions.model.floor import FloorRules
from sessions.model.rules import Rules
from sessions.rules import RulesSet
from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals

TWO_AT_MOST = RulesSet(Rules(floor=FloorRules(panel_most=2)))
THREE = {"members": [{"hall": "pejuang"}, {"hall": "jatiasih"}, {"seat": "pejuang-07"}]}

test_panel_set = refusals(
    "panel.set",
    Case(OPENED, {"members": [{"hall": "pejuang"}, {"seat": "jatiasih-11"}]}),
    phases=("open",),
    panel_full=Case((*OPENED, TWO_AT_MOST), THREE, says={"most": 2}),
    unknown_hall=Case(OPENED, {"members": [{"hall": "nowhere"}]}, says={"hall": "nowhere"}),
    unknown_seat=Case(OPENED, {"members": [{"seat": "nobody"}]}, says={"seat": "nobody"}),
    no_voice=Case(OPENED, {"members": [{"seat": "jatiasih-tamu"}]}),
    bad_input=[Case(OPENED, {"members": []}), Case(OPENED, {"members": [{"hall": "pejuang"}, {"hall": "pejuang"}]})],
)
