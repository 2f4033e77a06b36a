"""What groups.split refuses."""

from dataclasses import replace

from tests.sessions.given import CREATED, OPENED
from tests.sessions.refusals.case import Case, refusals
from tests.sessions.refusals.scenes import BOARD, SPLIT

GROUP = {"session": "g1", "title": "Kelompok I", "halls": ["pejuang"]}
OTHER = {"session": "g2", "title": "Kelompok II", "halls": ["pejuang"], "seats": ["pejuang-07"]}
IN_GROUP = (replace(CREATED, kind="group"), *OPENED[1:])

test_groups_split = refusals(
    "groups.split",
    Case(BOARD, {"groups": [{**GROUP, "fields": ["EKONOMI"], "seats": ["pejuang-07"]}]}),
    phases=("open",),
    unknown_hall=Case(BOARD, {"groups": [{**GROUP, "halls": ["nowhere"]}]}, says={"hall": "nowhere"}),
    unknown_seat=Case(BOARD, {"groups": [{**GROUP, "seats": ["nobody"]}]}, says={"seat": "nobody"}),
    unknown_pass=Case(BOARD, {"groups": [{**GROUP, "moderator": "p-nobody"}]}),
    in_another_group=Case(BOARD, {"groups": [GROUP, OTHER]}, says={"seats": ["pejuang-07"]}),
    already_exists=[
        Case(BOARD, {"groups": [GROUP, {**GROUP, "halls": ["jatiasih"]}]}, says={"session": "g1"}),
        Case(SPLIT, {"groups": [{**GROUP, "halls": ["jatiasih"]}]}, says={"session": "g1"}),
    ],
    forbidden=Case(IN_GROUP, {"groups": [GROUP]}),
)
