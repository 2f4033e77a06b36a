"""What became of one proposal, level by level and decision by decision, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.pages.public import AGREED, JOINED, NOT, OPEN, RESERVE, Card, Public, fate_of
from server.pages.words import Words

TONES: Mapping[str, str] = {AGREED: "ok", RESERVE: "info", NOT: "warn", JOINED: "off", OPEN: "off"}
ICONS: Mapping[str, str] = {
    AGREED: "badge-check",
    RESERVE: "bookmark",
    NOT: "triangle-alert",
    JOINED: "git-merge",
    OPEN: "clock",
}
DECIDED = {"ACCEPTED": "ok", "ACCEPTED_WITH_CHANGES": "ok", "REJECTED": "warn", "POSTPONED": "wait", "NOTED": "wait"}


@dataclass(frozen=True, slots=True)
class Step:
    """state: done, bad, now or todo."""

    where: str
    what: str
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """state: ok, warn or wait."""

    title: str
    text: str
    meta: str
    state: str


def why(words: Words, told: Mapping[str, Any] | None) -> str:
    """The reason of the present status: its code in words, then what was said; empty where there is none."""
    if told is None:
        return ""
    code = told["reason_code"]
    return ": ".join(filter(None, (words.known(f"reason.{code}", code) if code else "", told["reason"])))


def reason_of(words: Words, card: Card) -> str:
    """What stands beside a proposal that was not agreed; empty where no reason is owed."""
    if card.fate == NOT:
        return why(words, card.told) or words("why.none")
    return words("why.open") if card.fate == OPEN else ""


def following(words: Words, found: Public, card: Card) -> str:
    """What comes next for it, in a sentence."""
    if card.fate == JOINED:
        into = found.cards.get(card.fields["into"] or "")
        return words("next.merged", title=into.title if into else card.fields["into"] or "")
    return "" if card.fate == NOT else words(f"next.{card.fate}")


def steps(words: Words, found: Public, card: Card, submitted: str) -> Iterator[Step]:
    """Oldest first. submitted: the day it was brought in, in words, empty where nobody knows."""
    trail = found.trails.get(card.id)
    ancestors = trail["ancestors"] if trail else []
    if not ancestors:
        yield Step(words("way.submitted"), submitted, "done")
    for one in ancestors:
        text = words("way.carried") if one["carried"] else status(words, one["status"])
        yield Step(level(words, one), text, "done" if fate_of(one["status"]) != NOT or one["carried"] else "bad")
    state = {NOT: "bad", OPEN: "now"}.get(card.fate, "done")
    group = trail["group"] if trail else None
    if group is not None:
        yield Step(found.groups.get(group, {}).get("title", ""), words("way.group"), "now")
    yield Step(words("way.here"), status(words, card.fields["status"]), state)
    if trail is None:
        return
    if trail["sent_to"] and not trail["fates"]:
        yield Step(words("way.waiting").capitalize(), words("way.sent"), "now")
    for one in trail["fates"]:
        yield Step(level(words, one), status(words, one["status"]), mark_of(one["status"]), one["reason"])


def mark_of(status: str) -> str:
    return {NOT: "bad", OPEN: "now"}.get(fate_of(status), "done")


def status(words: Words, name: str) -> str:
    return words.known(f"status.{name}", name)


def level(words: Words, one: Mapping[str, Any]) -> str:
    name = one["level"]
    return " ".join(filter(None, (words.known(f"level.{name}", name) if name else "", str(one["year"] or ""))))


def notes(words: Words, details: Mapping[str, Any], fate: str) -> Iterator[Note]:
    """Decisions and the agency's answer, the last one first. details: as the public may have them."""
    entries = [(int(one["at"]), decision(words, one, details)) for one in details["decisions"]]
    answer = details["answer"]
    if answer is not None:
        text = " ".join(filter(None, (answer["survey_note"], answer["note"])))
        name = words.known(f"survey.{answer['survey_status']}", answer["survey_status"])
        agency = answer["agency"] or words("note.survey")
        meta = " · ".join(filter(None, (agency, words.date(answer["survey_date"]))))
        entries.append((int(answer["at"] or 0), Note(name, text, meta, "wait")))
    for _, entry in sorted(entries, key=lambda entry: -entry[0]):
        yield entry
    if fate == AGREED:
        yield Note(words("note.budget"), words("notfunded"), "", "wait")


def decision(words: Words, one: Mapping[str, Any], details: Mapping[str, Any]) -> Note:
    amount, volume = one["amount"], one["volume"]
    said = [sentence(why(words, one))]
    if volume is not None:
        said.append(words("note.volume", volume=quantity(words, volume, details["unit"])))
    if amount is not None:
        said.append(words("note.amount", amount=words.rupiah(amount)))
    said.append(one["note"])
    meta = " · ".join(filter(None, (words.known(f"level.{one['level']}", one["level"]), words.day(one["at"]))))
    title = words.known(f"decision.{one['status']}", one["status"])
    return Note(title, " ".join(filter(None, said)), meta, DECIDED.get(one["status"], "wait"))


def sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def quantity(words: Words, volume: float, unit: str) -> str:
    return f"{words.decimal(volume)} {unit}".strip()


def data(words: Words, details: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value of what is known of it; cost always."""
    amount, volume, households = details["amount"], details["volume"], details["households"]
    yield words("proposal.amount"), words("proposal.amount.none") if amount is None else words.rupiah(amount)
    if volume is not None:
        yield words("proposal.volume"), quantity(words, volume, details["unit"])
    if households is not None:
        yield words("proposal.households"), words("proposal.kk", n=words.count(households))
    for name in ("urgency", "land", "type"):
        if details[name]:
            yield words(f"proposal.{name}"), words.known(f"{name}.{details[name]}", details[name])
    if details["rw"]:
        yield words("proposal.rw"), details["rw"]
    agency = details["agency_final"] or details["agency"]
    if agency:
        yield words("proposal.agency"), agency
