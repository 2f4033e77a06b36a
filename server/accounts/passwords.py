"""Passwords of staff: argon2id beside the event loop, a few at a time, and which ones are too easily guessed."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.accounts.leaked import LEAKED
from sessions.errors import Refused

# RFC 9106 §4, second choice, on one lane: some 0.1 s and 64 MiB each, beside a server that has votes to count.
STRONG = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
AT_ONCE = 2
WAITING_MOST = 32
SHORTEST = 12
LONGEST = 200
# What the commonest passwords are made of, in Indonesia and elsewhere; figures and signs around them add nothing.
COMMON = frozenset(
    "password passw0rd sandi katasandi rahasia qwerty qwertyuiop asdfgh zxcvbn abc abcd abcdef abcdefgh admin"
    " administrator operator sekretariat moderator letmein welcome selamat datang selamatdatang bismillah indonesia"
    " merdeka jakarta bekasi jambi bandung surabaya nusantara garuda pancasila pleno musrenbang bappeda kelurahan"
    " kecamatan kota pemkot pemda provinsi iloveyou sayang cinta aku kamu user login master test coba default"
    " changeme ganti monkey dragon sunshine princess football superman batman".split()
)
LEET = str.maketrans("013457@$!", "oieastasi")
ROWS = re.compile("123(4(5(6(7(8(90?)?)?)?)?)?)?|0?987(6(5(4(3(21?)?)?)?)?)?|(19|20)[0-9]{2}")
LEAST_OWN = 5  # different characters that nobody finds in a list
T = TypeVar("T")


class Passwords:
    """One a process: it owns the threads in which hashes are made. close() ends them."""

    def __init__(self, hasher: PasswordHasher = STRONG, at_once: int = AT_ONCE) -> None:
        self.hasher = hasher
        self._threads = ThreadPoolExecutor(at_once, "password")
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Raises Refused("busy") when too many wait already."""
        return await self._run(lambda: self.hasher.hash(password))

    async def right(self, hashed: str | None, password: str) -> bool:
        """Takes as long for an account that does not exist (None) as for a wrong password. Raises Refused("busy")."""
        if hashed is None:
            await self.hash(password[:LONGEST])
            return False
        return await self._run(lambda: self._verified(hashed, password))

    def outdated(self, hashed: str) -> bool:
        """Whether it was made with other parameters than are used now."""
        return self.hasher.check_needs_rehash(hashed)

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _verified(self, hashed: str, password: str) -> bool:
        try:
            return self.hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MOST:
            raise Refused("busy")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        finally:
            self._waiting -= 1


def require_strong(password: str, *words: str) -> None:
    """words: the login and the name. Raises Refused("weak_password", reason="short" | "long" | "common" | "name").

    Length and a look at the commonest ones, no rules of composition (ASVS 5.0 §6.2).
    """
    if reason := weakness(password, *words):
        raise Refused("weak_password", reason=reason, least=SHORTEST, most=LONGEST)


def weakness(password: str, *words: str) -> str:
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = password.casefold()
    if plain in LEAKED or unlike(plain, COMMON) < LEAST_OWN:
        return "common"
    own = {part for word in words for part in re.split(r"[\W_]+", word.casefold()) if len(part) >= 3}
    return "name" if unlike(plain, COMMON | own) < LEAST_OWN else ""


def unlike(plain: str, words: frozenset[str]) -> int:
    """How many different characters stay when these words, repetitions, rows of figures and years are taken out."""
    taken = re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
    fewest = len(plain)
    for text in (plain, plain.translate(LEET)):
        once = re.sub(r"(.)\1+", r"\1", re.sub(r"[\W_]+", "", taken.sub("", text)))
        fewest = min(fewest, len(set(ROWS.sub("", once))))
    return fewest
