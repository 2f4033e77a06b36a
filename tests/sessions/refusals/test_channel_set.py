"""What channel.set refuses."""

from tests.sessions.given import HALL_JATIASIH, HALL_PEJUANG, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BEFORE_THE_END
from tests.sessions.test_ballot import RUNNING

test_channel_set = refusals(
    "channel.set",
    Case(OPENED, {"channel": "kiosk", "seats": ["pejuang-07"]}, HALL_PEJUANG),
    Case(OPENED, {"channel": "hand", "hall": "jatiasih"}),
    phases=BEFORE_THE_END,
    channel_fixed=Case(RUNNING, {"channel": "hand", "hall": "pejuang"}, says={"ballot": "b1"}),
    wrong_hall=Case(OPENED, {"channel": "hand", "hall": "pejuang"}, HALL_JATIASIH, says={"hall": "pejuang"}),
    unknown_seat=Case(OPENED, {"channel": "hand", "seats": ["nobody"]}, says={"seat": "nobody"}),
    unknown_hall=Case(OPENED, {"channel": "hand", "hall": "nowhere"}, says={"hall": "nowhere"}),
    bad_input=[Case(OPENED, {"channel": "hand"}), Case(OPENED, {"channel": "post", "hall": "pejuang"})],
)
