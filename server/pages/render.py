"""The pages as HTML: Jinja templates that escape whatever people wrote, without a script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.pages import journey, outcome
from server.pages.public import AGREED, FATES, NOT, Card, Public, ended
from server.pages.words import Words
from sessions.kind import Fields

TEMPLATES = Path(__file__).with_name("templates")
A_PAGE = 50  # proposals; all of 1,451 are there for whoever prints
REASONS = 6  # of those not agreed, on the page of results


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a page stands. asked: the language the address names, None where the browser chose. styles: addresses."""

    session: str
    words: Words
    asked: str | None
    styles: tuple[str, ...]

    def url(self, path: str = "", lang: str | None = None, **query: str) -> str:
        """Of a page of this session; what is empty is left out, the language that was asked for stays."""
        tongue = lang or self.asked
        asked = {**({"lang": tongue} if tongue else {}), **{name: value for name, value in query.items() if value}}
        steps = "".join(f"/{quote(step, safe='')}" for step in ("public", self.session, *filter(None, path.split("/"))))
        return steps + (f"?{urlencode(asked)}" if asked else "")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals. page: from 1; 0 is all of them at once."""

    q: str = ""
    hall: str = ""
    fate: str = ""
    page: int = 1


@cache
def environment() -> Environment:
    """A name that a template misspells is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(tones=journey.TONES, icons=journey.ICONS, fates=FATES)
    return made


def page(name: str, frame: Frame, found: Public | None, **more: Any) -> bytes:
    title = found.fields["title"] if found is not None and found.fields else ""
    template = environment().get_template(f"{name}.html.j2")
    return template.render(frame=frame, w=frame.words, found=found, session_title=title, current=name, **more).encode()


def results(frame: Frame, found: Public) -> bytes:
    """Ballots, the fate of proposals by kelurahan, those not agreed with their reasons, receipts, documents."""
    turned_down = found.of(NOT)
    return page(
        "results",
        frame,
        found,
        sums=sums(frame.words, found),
        ballots=[outcome.shown(frame.words, id_, ballot) for id_, ballot in ended(found)],
        open_ballots=[ballot["title"] for ballot in found.ballots.values() if ballot["state"] == "open"],
        consensus=sorted(found.consensus.values(), key=lambda one: one["at"]),
        rows=rows(found),
        whole=counts(list(found.cards.values())),
        turned_down=[entry(frame.words, found, card) for card in turned_down[:REASONS]],
        turned_down_all=len(turned_down),
        recorded=found.fields.get("phase") in ("closed", "sealed"),
    )


def sums(words: Words, found: Public) -> list[tuple[str, str]]:
    made = [
        (words("sum.proposals"), words.count(len(found.cards))),
        (words("sum.agreed"), words.count(len(found.of(AGREED)))),
        (words("sum.not"), words.count(len(found.of(NOT)))),
    ]
    if found.crowd is not None:
        made.append((words("sum.present", n=words.count(found.crowd["invited"])), words.count(found.crowd["present"])))
    return made


def rows(found: Public) -> list[tuple[str, str, dict[str, int]]]:
    """A hall, its name, and how many of its proposals came to what."""
    of: dict[str, list[Card]] = {hall: [] for hall in found.halls}
    for card in found.cards.values():
        of.setdefault(card.hall, []).append(card)
    return [(hall, found.halls.get(hall, {}).get("name", hall), counts(cards)) for hall, cards in of.items()]


def counts(cards: list[Card]) -> dict[str, int]:
    return {"all": len(cards), **{fate: sum(card.fate == fate for card in cards) for fate in FATES}}


def entry(words: Words, found: Public, card: Card) -> dict[str, Any]:
    """One proposal of a list."""
    amount, rw = card.fields["amount"], card.fields["rw"]
    facts = (
        found.halls.get(card.hall, {}).get("name", card.hall),
        f"RW {rw}" if rw else "",
        "" if amount is None else words.rupiah(amount),
    )
    return {
        "id": card.id,
        "title": card.title,
        "facts": " · ".join(filter(None, facts)),
        "fate": card.fate,
        "status": journey.status(words, card.fields["status"]),
        "reason": journey.reason_of(words, card) if card.fate == NOT else "",
        "next": journey.following(words, found, card) if card.fate == "merged" else "",
    }


def chosen(found: Public, wanted: Wanted) -> list[Card]:
    """Every word asked for stands in the title."""
    asked = wanted.q.casefold().split()
    return [
        card
        for card in found.cards.values()
        if wanted.hall in ("", card.hall)
        and wanted.fate in ("", card.fate)
        and all(word in card.title.casefold() for word in asked)
    ]


def fates(frame: Frame, found: Public, wanted: Wanted) -> bytes:
    """The list of proposals, each with what became of it."""
    cards = chosen(found, wanted)
    pages = max(1, -(-len(cards) // A_PAGE))
    number = min(wanted.page, pages)
    part = cards if number == 0 else cards[(number - 1) * A_PAGE : number * A_PAGE]
    return page(
        "fates",
        frame,
        found,
        wanted=wanted,
        entries=[entry(frame.words, found, card) for card in part],
        many=len(cards),
        number=number,
        pages=pages,
    )


def proposal(frame: Frame, found: Public, card: Card, details: Fields) -> bytes:
    """details: of this proposal, as the public may have them."""
    words = frame.words
    added = details["added_at"]
    submitted = words.date(details["proposed_on"]) or (words.day(added) if added else "")
    return page(
        "proposal",
        frame,
        found,
        card=card,
        details=details,
        number=details["external_id"] or details["number"],
        hall=found.halls.get(card.hall, {"name": card.hall, "kecamatan": ""}),
        status_text=journey.status(words, card.fields["status"]),
        reason=journey.reason_of(words, card) if card.fate == NOT else "",
        following=journey.following(words, found, card),
        into=card.fields["into"],
        steps=list(journey.steps(words, found, card, submitted)),
        notes=list(journey.notes(words, details, card.fate)),
        data=list(journey.data(words, details)),
    )


def check(frame: Frame, found: Public, typed: str, answer: Mapping[str, str] | None) -> bytes:
    """answer: tone, icon, title and text; None before anything was asked."""
    return page("check", frame, found, typed=typed, answer=answer)


def error(frame: Frame, what: str, session: bool) -> bytes:
    """what: session, proposal, held or input. session: whether there is one to go back to."""
    return page("error", frame, None, what=what, session=session)
