"""A database of any earlier version, full of its data, becomes one of this version and loses nothing."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, LargeBinary, MetaData, insert, inspect, text
from sqlalchemy.types import Boolean, Integer

from server.errors import StartupError
from server.store import database as databases
from server.store import migrations
from server.store.database import Database
from server.store.migrations import migrate, upgrade
from server.store.tables import metadata
from tests.store.conftest import clock, emptied
from tests.store.samples import SAMPLES

Rows = dict[str, list[dict[str, Any]]]
FOLDER = Path(migrations.__file__).parent
BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    op.create_table("half", sa.Column("id", sa.Text, nullable=False))
    op.add_column("sessions", sa.Column("half", sa.Text))
    op.execute("update sessions set head = 99")
    op.execute("delete from open_votes")
    raise RuntimeError("the power is cut")
"""


def chain() -> list[str]:
    scripts = ScriptDirectory(str(FOLDER)).walk_revisions()
    return [script.revision for script in scripts][::-1]


def sample(connection: Connection, revision: str) -> None:
    found = MetaData()
    found.reflect(connection, only=list(SAMPLES[revision]), resolve_fks=False)
    for name, given in SAMPLES[revision].items():
        table = found.tables[name]
        connection.execute(insert(table), {column.name: value_of(column) for column in table.columns} | given)


def value_of(column: Any) -> Any:
    match column.type:
        case Boolean():
            return True
        case Integer():
            return 7
        case LargeBinary():
            return column.name.encode() + b"\0\xff"
        case _:
            return f"{column.name} – é"


def contents(connection: Connection) -> Rows:
    """Every row of every table, but which revision it is."""
    names = [name for name in inspect(connection).get_table_names() if name != "alembic_version"]
    found = {name: connection.execute(text(f'select * from "{name}"')).mappings() for name in names}
    return {name: sorted((dict(row) for row in rows), key=repr) for name, rows in found.items()}


def of_version(connection: Connection, revision: str) -> Rows:
    """Bring an empty database up to this revision as its users did: filled before each step."""
    for step in chain()[: chain().index(revision) + 1]:
        upgrade(connection, step)
        sample(connection, step)
    return contents(connection)


@pytest.fixture
async def empty(url: str) -> Any:
    connected = databases.connect(url, clock)
    await emptied(connected)
    yield connected
    await connected.close()


def test_each_revision_has_its_sample() -> None:
    assert list(SAMPLES) == chain(), "add rows of the new revision's tables to tests/store/samples.py"


async def test_what_a_database_of_any_earlier_version_held_is_there_afterwards(empty: Database) -> None:
    async with empty.writing() as connection:
        for revision in chain():
            await connection.run_sync(upgrade, revision)
            await connection.run_sync(sample, revision)
            before = await connection.run_sync(contents)
            assert all(before.values()), f"no sample for {[name for name, rows in before.items() if not rows]}"
            back = await connection.begin_nested()  # an update from here to the newest, which is then taken back
            await connection.run_sync(upgrade)
            require_kept(before, await connection.run_sync(contents))
            await back.rollback()
        found = await connection.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    assert found == []


def require_kept(before: Rows, after: Rows) -> None:
    for name, rows in before.items():
        kept = [{column: row[column] for column in rows[0]} for row in after[name]]
        assert sorted(kept, key=repr) == rows, name


async def test_a_migration_that_fails_leaves_everything_as_it_was(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = chain()[-1]
    async with empty.writing() as connection:
        before = await connection.run_sync(of_version, newest)
    shutil.copytree(FOLDER, tmp_path / "later", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "later" / "versions" / "r9999_broken.py").write_text(BROKEN.format(newest=newest))
    monkeypatch.setattr(migrations, "__file__", str(tmp_path / "later" / "__init__.py"))
    with pytest.raises(RuntimeError, match="the power is cut"):
        await migrate(empty)
    monkeypatch.undo()
    async with empty.reading() as connection:
        assert await connection.run_sync(contents) == before
        assert (await connection.execute(text("select version_num from alembic_version"))).scalar_one() == newest
    await migrate(empty)


async def test_a_server_older_than_its_database_does_not_touch_it(empty: Database) -> None:
    async with empty.writing() as connection:
        before = await connection.run_sync(of_version, chain()[-1])
        await connection.execute(text("update alembic_version set version_num = '9999'"))
    with pytest.raises(StartupError, match="database_newer") as told:
        await migrate(empty)
    assert "9999" in told.value.english and "9999" in told.value.indonesian
    async with empty.reading() as connection:
        assert await connection.run_sync(contents) == before


def test_the_chain_has_one_head_and_no_branch() -> None:
    scripts = ScriptDirectory(str(FOLDER))
    assert [script.down_revision for script in scripts.walk_revisions()] == [*chain()[::-1][1:], None]
