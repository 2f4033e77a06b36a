"""What panel.end refuses."""

from sessions.model.floor import Panelist
from sessions.panel import PanelSet
from tests.sessions.given import OPENED, PEJUANG
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import NOT_SEALED

test_panel_end = refusals(
    "panel.end",
    Case((*OPENED, PanelSet((Panelist(PEJUANG),)))),
    phases=NOT_SEALED,
    no_panel=Case(OPENED),
)
