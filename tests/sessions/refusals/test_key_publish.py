"""What key.publish refuses."""

from tests.sessions.given import OPENED, SYSTEM
from tests.sessions.refusals.case import Case, refusals

test_key_publish = refusals(
    "key.publish",
    Case(OPENED, {"key_id": "k1", "public_key": "A" * 43}, SYSTEM),
)
