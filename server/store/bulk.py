"""Many rows in one statement whose text says nothing of how many: it is compiled, parsed and planned once.

A list of VALUES is another statement for each number of rows: of a group of votes, most of the time went there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, TextClause, any_, bindparam, func, select, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import ARRAY, Text

Row = Mapping[str, Any]
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


async def insert_rows(connection: AsyncConnection, table: Table, rows: Sequence[Row]) -> None:
    """rows: at least one, all with the same columns; of text and numbers, no bytes. They go in in this order."""
    names = tuple(rows[0])
    statement = insertion(connection.dialect.name, table, names)
    await connection.execute(statement, parameters(connection.dialect.name, names, rows))


async def insert_new(connection: AsyncConnection, table: Table, rows: Sequence[Row], back: str) -> set[Any]:
    """As insert_rows, without those that break a unique constraint: the column `back` of the rows that went in."""
    names = tuple(rows[0])
    statement = insertion(connection.dialect.name, table, names, back)
    found = await connection.execute(statement, parameters(connection.dialect.name, names, rows))
    return set(found.scalars())


async def find_rows(
    connection: AsyncConnection, table: Table, named: Sequence[Row], wanted: tuple[str, ...]
) -> Sequence[Any]:
    """The rows that have just these values in these columns (a key of the table): what is wanted of each."""
    if not named:
        return []
    names = tuple(named[0])
    statement = finding(connection.dialect.name, table, names, wanted)
    return (await connection.execute(statement, parameters(connection.dialect.name, names, named))).all()


@cache
def finding(dialect: str, table: Table, names: tuple[str, ...], wanted: tuple[str, ...]) -> TextClause:
    """`cross join`: SQLite then looks in the index once for each of what is named, and never the other way round."""
    columns = ", ".join(f"c{place}" for place in range(len(names)))
    same = " and ".join(f'found."{name}" = named.c{place}' for place, name in enumerate(names))
    back = ", ".join(f'found."{name}"' for name in wanted)
    named = f"with named ({columns}) as ({source(dialect, table, names)})"
    return text(f"{named} select {back} from named cross join {table.name} as found where {same}")


@cache
def insertion(dialect: str, table: Table, names: tuple[str, ...], back: str = "") -> TextClause:
    columns = ", ".join(f'"{name}"' for name in names)
    ending = f'on conflict do nothing returning "{back}"' if back else ""
    return text(f"insert into {table.name} ({columns}) {source(dialect, table, names)} {ending}")


def source(dialect: str, table: Table, names: tuple[str, ...]) -> str:
    """The rows as a query over parameters(): SQLite takes them as one JSON text, PostgreSQL an array a column."""
    if dialect == "sqlite":
        values = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(names)))
        return f"select {values} from json_each(:rows) where true"  # `where`, or ON would be taken for a join's
    kinds = (table.c[name].type.compile(DIALECT) for name in names)
    return f"select * from unnest({', '.join(f'cast(:a{n} as {kind}[])' for n, kind in enumerate(kinds))})"


def parameters(dialect: str, names: Sequence[str], rows: Iterable[Row]) -> dict[str, Any]:
    if dialect == "sqlite":
        return {"rows": json.dumps([[row[name] for name in names] for row in rows])}
    return {f"a{place}": [row[name] for row in rows] for place, name in enumerate(names)}


def among(connection: AsyncConnection, column: ColumnElement[str], values: Iterable[str]) -> ColumnElement[bool]:
    """`column in (values)`."""
    if connection.dialect.name == "sqlite":
        listed = func.json_each(json.dumps(list(values))).table_valued("value")
        return column.in_(select(listed.c.value))
    return column == any_(bindparam(None, list(values), type_=ARRAY(Text)))
