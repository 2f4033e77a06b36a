"""What rollcall.start refuses."""

from tests.sessions.given import OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.test_rollcall import RUNS

test_rollcall_start = refusals(
    "rollcall.start",
    Case(OPENED, {"question": "Apakah suara kami terdengar?", "absent": ["jatiasih"]}),
    phases=("lobby", "open", "recess"),
    rollcall_runs=Case(RUNS, {}),
    unknown_hall=Case(OPENED, {"absent": ["nowhere"]}, says={"hall": "nowhere"}),
)
