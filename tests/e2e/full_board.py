"""The board of a whole city at a product: 1,451 proposals, real in their form, in the demonstration's twelve halls."""

from __future__ import annotations

import itertools
from pathlib import Path

from server.interchange.sipd import drafts
from server.simulate.member import Member
from tests.e2e.people import does
from tests.e2e.product import Product

TABLE = Path(__file__).parents[1] / "fixtures" / "usulan-jakpus.csv"
PROPOSALS = 1451
AT_ONCE = 40


async def fill(product: Product, admin: Member) -> None:
    """Adds to what is there until the board has 1,451 cards."""
    halls = sorted({str(card["hall"]) for card in product.passes() if card["face"] == "hall"})
    here = sum(kind == "proposal" for kind, _ in admin.entities)
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    every = drafts(lines, lambda row: halls[sum(row["kelurahan"].encode()) % len(halls)], 2025)
    wanted = list(itertools.islice(every, PROPOSALS - here))
    for start in range(0, len(wanted), AT_ONCE):
        await does(admin, "proposals.import", proposals=wanted[start : start + AT_ONCE])
