"""For each revision a row of every table that it makes or changes, as a database holds it that stopped there.

A revision that is added adds its rows here. Columns that are not named get a value of their type.
"""

from __future__ import annotations

from typing import Any

S = "bekasi"
Tables = dict[str, dict[str, Any]]

SAMPLES: dict[str, Tables] = {
    "0001": {
        "sessions": {"id": S},
        "journal": {"session": S, "data": "{}"},
        "answers": {"session": S},
        "ballots": {"id": "b", "session": S, "state": "open"},
        "roll": {"ballot": "b"},
        "box": {"ballot": "b", "tracker": "0123456789abcdef" * 2},
        "open_votes": {"ballot": "b"},
        "passes": {"session": S},
        "credentials": {"session": S},
        "installation_keys": {},
    },
    "0002": {"people": {"session": S}, "people_access": {"session": S}},
    "0003": {"files": {"session": S}},
    "0004": {
        "accounts": {"id": "a"},
        "account_scopes": {"account": "a"},
        "account_sessions": {"id": "l", "account": "a", "stage": "in"},
        "account_credentials": {"login": "l"},
        "audit": {},
    },
    "0005": {"media_hosts": {"session": S}},
    "0006": {"bulletins": {"session": S}},
    "0007": {"claims": {"session": S}, "pins": {"session": S}, "credentials": {"hash": b"after", "session": S}},
    "0008": {"account_guesses": {}},
    "0009": {"prints": {"session": S}},
}
