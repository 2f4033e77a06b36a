"""Accounts on both databases: codes that count once, guessing that is slowed without a lock-out, logins that end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pyotp
import pytest
from argon2 import PasswordHasher

from server.accounts import totp
from server.accounts.passwords import Passwords, weakness
from server.accounts.registry import new_account
from server.accounts.seal import Seal, seal_all
from server.accounts.staff import ADDRESS_TRIES, IDLE_MS, IN_MS, STRANGERS_TRIES, Staff, Whence
from server.store import tables
from server.store.accounts import Account, SqlAccounts
from server.store.audit import SqlAudit
from server.store.database import Database
from server.store.guesses import KEPT_MS, Growing, SqlGuesses
from sessions.errors import Refused

QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
QUICKER = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)
PASSWORD = "kucing tidur di pagar"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
SEAL = Seal([b"k" * 32])
HOME, STRANGER = Whence("192.0.2.1", "Firefox"), Whence("198.51.100.1")


@dataclass
class Time:
    """The clock, moved by hand. ms: since 1970 UTC."""

    ms: int = 1_800_000_000_000

    def now(self) -> int:
        return self.ms


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def staff(database: Database, time: Time) -> Iterator[Staff]:
    audit, passwords = SqlAudit(database), Passwords(QUICK)
    yield Staff(SqlAccounts(database, audit), SqlGuesses(database), audit, passwords, time.now, SEAL)
    passwords.close()


async def made(staff: Staff, *, telephone: bool = False) -> Account:
    account = await staff.accounts.add(await new_account(staff.passwords, "ratna", "Staf", PASSWORD), "cli")
    if telephone:
        await staff.accounts.set_totp(account.id, SECRET, 0, [totp.recovery_digest("aaaa-bbbb")], "cli")
    return await staff.accounts.get(account.id)


async def refusal(
    staff: Staff, password: str = "bukan ini", whence: Whence = STRANGER, login: str = "ratna"
) -> Refused:
    with pytest.raises(Refused) as refused:
        await staff.begin(login, password, whence)
    return refused.value


async def test_a_code_counts_once_however_many_ask_at_once(staff: Staff, time: Time) -> None:
    account = await made(staff, telephone=True)
    code = pyotp.TOTP(SECRET).generate_otp(time.ms // totp.STEP_MS)
    assert sum(await asyncio.gather(*(staff.is_right(account, code) for _ in range(6)))) == 1
    account = await staff.accounts.get(account.id)
    assert sum(await asyncio.gather(*(staff.is_right(account, "AAAA bbbb") for _ in range(6)))) == 1
    assert (await staff.accounts.get(account.id)).recovery == ()


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_telephones_may_be_half_a_minute_off(steps: int, good: bool) -> None:
    now = 1_800_000_000_000
    code = pyotp.TOTP(SECRET).generate_otp(now // totp.STEP_MS + steps)
    assert (totp.step_of(SECRET, code, now, 0) is not None) == good
    assert totp.step_of(SECRET, code, now, now // totp.STEP_MS + steps) is None, "used already"


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5", "\ud800"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert totp.step_of(SECRET, code, 1_800_000_000_000, 0) is None
    assert len(totp.recovery_digest(code)) == 64


async def test_guessing_at_one_address_is_slowed_and_another_address_is_not(staff: Staff, time: Time) -> None:
    await made(staff)
    waits = []
    for _ in range(12):
        refused = await refusal(staff)
        if refused.code == "too_many_attempts":
            waits.append(round(refused.data["retry_after_ms"] / 1000))
            time.ms += refused.data["retry_after_ms"]
    assert waits == [2, 4, 8, 16], "and a try between each two"
    assert (await staff.begin("ratna", PASSWORD, HOME)).login.stage == "in"
    time.ms += 60_000
    assert (await staff.begin("ratna", PASSWORD, STRANGER)).login.stage == "in", "slowed, not locked"
    assert (await refusal(staff)).code == "login_failed", "a success forgets"


async def guess(guesses: SqlGuesses, name: str, now: int) -> int:
    return await guesses.begin([Growing(name)], now)


async def test_waits_grow_to_a_minute_and_no_further(database: Database) -> None:
    guesses, now = SqlGuesses(database), 1_800_000_000_000
    for _ in range(14):
        assert await guess(guesses, "a", now) == 0
        now += 60_000
    assert await guess(guesses, "a", now - 10_000) == 10_000 and await guess(guesses, "b", now) == 0
    now += 1_000_000
    assert await guess(guesses, "a", now) == 0
    assert await guess(guesses, "a", now) == 0, "what is long ago is forgotten"
    await guess(guesses, "a", now + 10**12)
    assert await guess(guesses, "a", now) == 0, "and so is what a clock said that was put right"


async def test_guesses_that_count_no_more_are_dropped(database: Database) -> None:
    guesses, now = SqlGuesses(database), 1_800_000_000_000
    await guess(guesses, "a", now)
    await guess(guesses, "b", now + KEPT_MS)
    await guesses.forget(now + KEPT_MS + 1)
    async with database.reading() as connection:
        assert len((await connection.execute(tables.account_guesses.select())).all()) == 1


async def outcome(staff: Staff, password: str, whence: Whence) -> str:
    try:
        await staff.begin("ratna", password, whence)
    except Refused as refused:
        return refused.code
    return ""


async def test_secrets_of_telephones_are_sealed_and_older_ones_at_the_next_start(staff: Staff, time: Time) -> None:
    account = await made(staff, telephone=True)  # in clear, as it was before there were seals
    code = pyotp.TOTP(SECRET).generate_otp(time.ms // totp.STEP_MS)
    assert await seal_all(staff.accounts, SEAL) == 1 and await seal_all(staff.accounts, SEAL) == 0
    sealed = await staff.accounts.get(account.id)
    assert SECRET not in sealed.totp and await staff.is_right(sealed, code)
    assert SEAL.close(account.id, SECRET) != SEAL.close(account.id, SECRET)
    other = Seal([b"n" * 32, b"k" * 32])  # another key, and the one before
    assert await seal_all(staff.accounts, other) == 1
    moved = (await staff.accounts.get(account.id)).totp
    assert other.open(account.id, moved) == SECRET
    assert await seal_all(staff.accounts, SEAL) == 0, "what cannot be opened stays as it is"
    for whose, kept in ((account.id, moved), ("another", sealed.totp), (account.id, "v1.x"), (account.id, moved[:-4])):
        with pytest.raises(Refused, match="seal_key_missing"):
            SEAL.open(whose, kept)


async def test_guesses_that_come_together_count_one_by_one(staff: Staff) -> None:
    await made(staff)
    found = await asyncio.gather(*(outcome(staff, f"bukan yang {n}", STRANGER) for n in range(20)))
    assert Counter(found) == {"login_failed": 5, "too_many_attempts": 15}


async def test_who_goes_from_node_to_node_gains_nothing(staff: Staff, database: Database, time: Time) -> None:
    await made(staff)
    nodes = (staff, Staff(staff.accounts, SqlGuesses(database), SqlAudit(database), staff.passwords, time.now, SEAL))
    found = [await outcome(nodes[n % 2], "bukan yang ini", STRANGER) for n in range(10)]
    assert Counter(found) == {"login_failed": 5, "too_many_attempts": 5}
    for n in range(ADDRESS_TRIES - 5):
        assert (await refusal(nodes[n % 2], login=f"orang{n}")).code == "login_failed"
    assert (await refusal(nodes[1], login="orang.lain")).code == "too_many_attempts"
    time.ms += 61_000
    assert await outcome(nodes[1], PASSWORD, STRANGER) == ""
    assert await outcome(nodes[0], "bukan yang ini", STRANGER) == "login_failed", "a success forgets, on all of them"


async def test_codes_that_come_together_are_five_for_a_login(staff: Staff) -> None:
    await made(staff, telephone=True)
    current = await staff.begin("ratna", PASSWORD, HOME)

    async def code(n: int) -> str:
        try:
            await staff.confirm(current, f"{n:06}", Whence(f"10.0.0.{n}"))
        except Refused as refused:
            return refused.code
        return ""

    found = Counter(await asyncio.gather(*(code(n) for n in range(12))))
    assert found == {"code_wrong": 5, "not_logged_in": 7}


async def test_good_logins_of_an_office_behind_one_address_use_nothing_up(staff: Staff) -> None:
    await made(staff)
    for _ in range(ADDRESS_TRIES + 5):
        assert await outcome(staff, PASSWORD, HOME) == ""


async def test_many_strangers_do_not_keep_the_owner_out_of_where_he_was_before(staff: Staff, time: Time) -> None:
    await made(staff)
    await staff.begin("ratna", PASSWORD, HOME)
    for number in range(STRANGERS_TRIES):
        assert (await refusal(staff, whence=Whence(f"10.0.{number // 250}.{number % 250}"))).code == "login_failed"
    assert (await refusal(staff, PASSWORD, Whence("10.9.9.9"))).code == "too_many_attempts"
    assert (await staff.begin("ratna", PASSWORD, HOME)).login.stage == "in"


async def test_half_a_login_makes_no_address_known(staff: Staff, time: Time) -> None:
    account = await made(staff, telephone=True)
    current = await staff.begin("ratna", PASSWORD, STRANGER)
    assert not await staff.accounts.known_address(account.id, STRANGER.address)
    await staff.accounts.end(account.id, account.actor)
    assert not await staff.accounts.known_address(account.id, STRANGER.address)
    assert await staff.current(current.cookie) is None


async def test_five_wrong_codes_ask_for_the_password_again(staff: Staff, time: Time) -> None:
    await made(staff, telephone=True)
    current = await staff.begin("ratna", PASSWORD, HOME)
    for _ in range(5):
        found = await staff.current(current.cookie)
        assert found is not None
        with pytest.raises(Refused, match="code_wrong"):
            await staff.confirm(found, "000000", HOME)
        time.ms += 61_000 if found.login.tries > 3 else 0
    assert await staff.current(current.cookie) is None


async def test_a_login_ends_when_idle_and_in_any_case_after_twelve_hours(staff: Staff, time: Time) -> None:
    await made(staff)
    current = await staff.begin("ratna", PASSWORD, HOME)
    began = time.ms
    while time.ms - began < IN_MS - IDLE_MS // 2:
        assert await staff.current(current.cookie) is not None
        time.ms += IDLE_MS // 2
    time.ms = began + IN_MS
    assert await staff.current(current.cookie) is None
    again = await staff.begin("ratna", PASSWORD, HOME)
    time.ms += IDLE_MS
    assert await staff.current(again.cookie) is None
    assert await staff.current("") is None and await staff.current("x" * 500) is None


async def test_a_password_is_hashed_anew_when_the_parameters_change(staff: Staff, time: Time) -> None:
    account = await made(staff)
    staff.passwords.hasher = QUICKER
    await staff.begin("ratna", PASSWORD, HOME)
    renewed = (await staff.accounts.get(account.id)).password
    assert renewed != account.password and not staff.passwords.outdated(renewed)
    await staff.begin("ratna", PASSWORD, HOME)
    assert (await staff.accounts.get(account.id)).password == renewed


async def test_too_many_hashes_at_once_are_put_off(staff: Staff) -> None:
    done = await asyncio.gather(*(staff.passwords.hash(PASSWORD) for _ in range(60)), return_exceptions=True)
    refused = [one for one in done if isinstance(one, Refused)]
    assert {one.code for one in refused} == {"busy"} and len(refused) == 60 - 32


async def test_old_logins_are_forgotten(staff: Staff, time: Time) -> None:
    account = await made(staff)
    current = await staff.begin("ratna", PASSWORD, HOME)
    await staff.accounts.lend("a credential", current.login.id)
    assert await staff.accounts.forget(time.ms) == 0
    assert await staff.accounts.forget(time.ms + IN_MS + 1) == 1
    assert not await staff.accounts.known_address(account.id, HOME.address)


async def test_no_failure_writes_down_what_was_typed(staff: Staff, database: Database) -> None:
    account = await made(staff)
    await refusal(staff, "sandi yang keliru")
    await refusal(staff, PASSWORD, login="kucing tidur di pagar")
    trail = await SqlAudit(database).entries()
    assert [one.subject for one in trail if one.action == "account.login_failed"] == ["", account.actor]
    assert not [word for word in ("keliru", "kucing") if word in str(trail)]


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("pendek", "short"),
        ("x" * 201, "long"),
        ("Password123456", "common"),
        ("P@ssw0rd2026!!", "common"),
        ("bekasi-musrenbang-2026", "common"),
        ("qwertyuiop123", "common"),
        ("aaaaaaaaaaaaaaaa", "common"),
        ("112233445566", "common"),
        ("ratnadewi-1980", "name"),
        ("1Qaz2wsx3edc4rfv", "common"),
        ("LeaveMeAlone", "common"),
        ("kucing tidur di pagar", ""),
        ("839201748291847", ""),
        ("пароль длинный", ""),
    ],
)
def test_which_passwords_are_too_easily_guessed(password: str, reason: str) -> None:
    assert weakness(password, "ratna.dewi", "Ratna Dewi") == reason
