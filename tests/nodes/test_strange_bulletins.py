"""A bulletin that another version of this program wrote to the database, and those beside it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any, cast

from server.nodes import Nodes
from server.store.bulletins import Posted, SqlBulletins
from sessions.ids import SessionId
from signaling.gateway.bulletin import Bulletin, Page, to_json
from tests.http.conftest import until

SESSION = SessionId("plenary")
BULLETIN = Bulletin(pages={"jatiasih": Page(1, 1)})


class Table:
    """Where a node of another version posted before one of ours."""

    def __init__(self) -> None:
        self.read_by = 0

    async def read(self, node: str, most_ms: int) -> Sequence[Posted]:
        self.read_by += 1
        bodies = {
            "newer": '{"rooms": {}}',
            "broken": "{",
            "tomorrow": json.dumps(to_json(Bulletin(pages={"jatiasih": Page(1, 86_400_000)}))),
            "ours": json.dumps(to_json(BULLETIN)),
        }
        return [Posted(name, SESSION, 1, True, 0, body) for name, body in bodies.items()]

    async def post(self, *_: Any) -> None: ...

    async def sweep(self, *_: Any) -> None: ...

    async def withdraw(self, *_: Any) -> None: ...


async def test_one_that_cannot_be_read_hides_no_other() -> None:
    table = Table()
    nodes = Nodes("a", "test", b"", None, cast(SqlBulletins, table), lambda *_: None, lambda _: None, lambda: 1000)
    try:
        await until(lambda: table.read_by >= 2)
        await asyncio.sleep(0)
        assert nodes.others(SESSION) == {"ours": BULLETIN}
        assert nodes.company == 4, "they are there, whatever they say"
        before = nodes._read_at
        await until(lambda: nodes._read_at > before)
    finally:
        await nodes.close()
