"""Annexes VI and VII: what each event of the journal puts into the site log and into the minutes proper.

Two tables from the name of an event to a function of the step it was. An event that is not named puts nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sessions.ids import HallId, ProposalId
from sessions.minutes_model import Entry
from sessions.minutes_terms import CAUSES, HEARD, REASONS, STATUSES, worded
from sessions.minutes_words import clock, grouped, lasting, long_date, rupiah
from sessions.state import State


@dataclass(frozen=True, slots=True)
class Step:
    """One event between the states around it. at: milliseconds since 1970 UTC. actor: as the journal names it."""

    before: State
    after: State
    event: Any
    at: int
    actor: str


Line = Callable[[Step], Iterable[Entry]]


def line(step: Step, kind: str, text: str, who: str = "") -> Entry:
    return Entry(step.at, kind, who, text)


def because(reason: str, code: str = "") -> str:
    """Alasan: … as the end of a sentence, empty without any."""
    words = ": ".join(part for part in (worded(REASONS, code) if code else "", reason) if part)
    return f" Alasan: {words}." if words else ""


def hall_name(state: State, hall: HallId | None) -> str:
    return "" if hall is None else state.halls[hall].name


def card_name(state: State, proposal: ProposalId) -> str:
    """Proposals are often called alike, so the hall and the id stand with the title."""
    card = state.board.proposals[proposal]
    return f"{card.content.title} ({state.halls[card.hall].name}, {card.id})"


def told(kind: str, text: str) -> Line:
    """The same words whenever it happens."""
    return lambda step: [line(step, kind, text)]


def recessed(step: Step) -> Iterator[Entry]:
    until = getattr(step.event, "until", None)
    ahead = "" if until is None else f" sampai pukul {clock(until, step.after.session.tz)}"
    yield line(step, "session", f"Sidang diskors{ahead}.{because(step.event.reason)}")


def reopened(step: Step) -> Iterator[Entry]:
    yield line(step, "session", f"Sidang dibuka kembali.{because(step.event.reason)}")


def item_started(step: Step) -> Iterator[Entry]:
    item = next(item for item in step.after.agenda if item.id == step.event.item)
    who = "; ".join(part for part in (item.speaker, hall_name(step.after, item.hall)) if part)
    yield line(step, "agenda", f"Acara: {item.title}.", who)


def granted(step: Step) -> Iterator[Entry]:
    """Only a turn out of order needs words; turns themselves are told when they end."""
    if step.event.expected is None:
        return
    first = next((one for one in step.before.floor.queue if one.request == step.event.expected), None)
    passed = "" if first is None else f" mendahului {hall_name(step.after, first.hall)}"
    holder = step.after.floor.holder
    who = "" if holder is None else hall_name(step.after, holder.hall)
    yield line(step, "override", f"Giliran bicara diberikan di luar urutan{passed}.{because(step.event.reason)}", who)


def imported(step: Step) -> Iterator[Entry]:
    yield line(step, "proposal", f"{grouped(len(step.event.proposals))} usulan dimasukkan ke papan.")


def added(step: Step) -> Iterator[Entry]:
    """Before the opening it is preparation and no part of the deliberation."""
    if step.after.session.opened_at is not None:
        yield line(step, "proposal", f"Usulan baru: {card_name(step.after, step.event.proposal)}.")


def edited(step: Step) -> Iterator[Entry]:
    """What moves the figures that are agreed on; the wording of a card is not told change by change."""
    if step.after.session.opened_at is None:
        return
    old = step.before.board.proposals[step.event.proposal].content
    new = step.after.board.proposals[step.event.proposal].content
    changes = []
    if old.amount != new.amount:
        changes.append(f"anggaran {money(old.amount)} menjadi {money(new.amount)}")
    if old.title != new.title:
        changes.append(f"judul semula {old.title}")
    if (old.volume, old.unit) != (new.volume, new.unit):
        changes.append("volume")
    if changes:
        yield line(
            step, "proposal", f"Usulan diubah: {card_name(step.after, step.event.proposal)}: {'; '.join(changes)}."
        )


def money(amount: int | None) -> str:
    return "belum ada" if amount is None else rupiah(amount)


def one_moved(step: Step) -> Iterator[Entry]:
    yield from moved(step, [step.event.proposal], step.event)


def several_moved(step: Step) -> Iterator[Entry]:
    yield from moved(step, [item.proposal for item in step.event.items], step.event)


def decided(step: Step) -> Iterator[Entry]:
    yield from moved(step, [step.event.item.proposal], step.event.decision, step.event)


def several_decided(step: Step) -> Iterator[Entry]:
    yield from moved(step, [item.proposal for item in step.event.items], step.event.decision, step.event)


def moved(step: Step, proposals: list[ProposalId], reasoned: Any, event: Any = None) -> Iterator[Entry]:
    """One line a status they came to; moves within a column tell nothing."""
    groups: dict[str, list[ProposalId]] = {}
    for proposal in proposals:
        status = step.after.board.proposals[proposal].status
        if step.before.board.proposals[proposal].status != status:
            groups.setdefault(status, []).append(proposal)
    why = because(reasoned.reason, getattr(reasoned, "reason_code", ""))
    for status, cards in groups.items():
        names = "; ".join(card_name(step.after, card) for card in cards)
        many = f"{grouped(len(cards))} usulan" if len(cards) > 1 else "Usulan"
        yield line(step, "decision", f"{many} menjadi {worded(STATUSES, status)}: {names}.{why}")
    yield from overridden(step, reasoned if event is None else event)


def overridden(step: Step, event: Any) -> Iterator[Entry]:
    """Limits of the rules that somebody decided to go beyond."""
    override = getattr(event, "override", None)
    if override is None:
        return
    broken = "; ".join(finding(step.after, found) for found in override.broken)
    yield line(step, "override", f"Melampaui ketentuan ({broken}).{because(override.reason)}")


LIMITS = {"over_quota": "kuota", "over_ceiling": "pagu", "share_broken": "porsi jenis usulan"}


def finding(state: State, found: Any) -> str:
    where = f" {hall_name(state, found.hall)}" if found.hall is not None else ""
    show = rupiah if found.code == "over_ceiling" else grouped
    return f"{worded(LIMITS, found.code)}{where}: batas {show(found.limit)}, menjadi {show(found.actual)}"


def withdrawn(step: Step) -> Iterator[Entry]:
    why = because(step.event.reason, getattr(step.event, "reason_code", ""))
    yield line(step, "decision", f"Usulan dicabut: {card_name(step.after, step.event.proposal)}.{why}")


def merged(step: Step) -> Iterator[Entry]:
    names = "; ".join(card_name(step.after, gone.proposal) for gone in step.event.proposals)
    yield line(step, "decision", f"Usulan digabungkan ke {card_name(step.after, step.event.into)}: {names}.")


def unmerged(step: Step) -> Iterator[Entry]:
    yield line(step, "decision", f"Penggabungan dibatalkan: {card_name(step.after, step.event.proposal)}.")


def split(step: Step) -> Iterator[Entry]:
    parts = "; ".join(card_name(step.after, part.proposal) for part in step.event.parts)
    yield line(step, "decision", f"Usulan dipecah: {card_name(step.after, step.event.proposal)}; menjadi juga {parts}.")


def ballot_opened(step: Step) -> Iterator[Entry]:
    ballot = step.after.ballots[step.event.ballot]
    yield line(step, "vote", f"Pemungutan suara dibuka: {ballot.title}, {grouped(len(ballot.electorate))} pemilih.")
    override = getattr(step.event, "override", "")
    if override:
        yield line(step, "override", f"Pemungutan suara dibuka tanpa upaya mufakat lebih dahulu.{because(override)}")


def ballot_closed(step: Step) -> Iterator[Entry]:
    ballot = step.after.ballots[step.event.ballot]
    cast = 0 if ballot.result is None else ballot.result.cast
    yield line(step, "vote", f"Pemungutan suara ditutup: {ballot.title}, {grouped(cast)} suara masuk (LAMPIRAN V).")


def ballot_voided(step: Step) -> Iterator[Entry]:
    title = step.after.ballots[step.event.ballot].title
    yield line(step, "vote", f"Pemungutan suara dinyatakan batal: {title}.{because(step.event.reason)}")


def quorum_declared(step: Step) -> Iterator[Entry]:
    figures = step.event.figures
    word = "tercapai" if step.event.reached else "belum tercapai"
    yield line(
        step,
        "quorum",
        f"Kuorum dinyatakan {word}: hadir {grouped(figures.present)} dari {grouped(figures.base)}, "
        f"diperlukan {grouped(figures.needed)}.",
    )


def quorum_awaited(step: Step) -> Iterator[Entry]:
    yield line(step, "quorum", f"Sidang ditunda menunggu kuorum sampai pukul {clock(step.event.until, tz(step))}.")


def quorum_postponed(step: Step) -> Iterator[Entry]:
    yield line(step, "quorum", f"Sidang ditunda ke {long_date(step.event.date)} karena kuorum belum tercapai.")


def quorum_done_without(step: Step) -> Iterator[Entry]:
    present = grouped(step.event.figures.present)
    yield line(step, "quorum", f"Sidang dilanjutkan dengan {present} peserta yang hadir.{because(step.event.reason)}")


def tz(step: Step) -> str:
    return step.after.session.tz


def rules_set(step: Step) -> Iterator[Entry]:
    """Before the opening the rules are preparation; the reason is asked for from then on."""
    if step.after.session.opened_at is not None:
        yield line(step, "override", f"Tata tertib diubah.{because(step.event.reason)}")


def corrected(step: Step) -> Iterator[Entry]:
    yield line(step, "correction", f"Koreksi atas rancangan Berita Acara: {step.event.text}")


def confirmed(step: Step) -> Iterator[Entry]:
    yield line(step, "record", "Rancangan Berita Acara dibacakan dan disetujui.")


def amended(step: Step) -> Iterator[Entry]:
    yield line(step, "record", f"Ralat nomor {grouped(step.event.number)} ditambahkan.{because(step.event.reason)}")


def hall_back(step: Step) -> Iterator[Entry]:
    """One line for the whole outage, at the moment it began."""
    outage = step.before.site.outages.get(step.event.outage)
    if outage is not None:
        length = lasting(step.at - outage.since)
        text = f"{worded(CAUSES, outage.cause).capitalize()} selama {length}."
        yield Entry(outage.since, "outage", hall_name(step.after, outage.hall), text, step.at)


def hall_came(step: Step) -> Iterator[Entry]:
    yield line(step, "hall", "Aula tersambung.", hall_name(step.after, step.event.hall))


def hall_blanked(step: Step) -> Iterator[Entry]:
    word = "dimatikan" if step.event.blank else "dinyalakan kembali"
    who = hall_name(step.after, step.event.hall)
    yield line(step, "hall", f"Gambar dan suara aula {word}.{because(step.event.reason)}", who)


def rollcall_ended(step: Step) -> Iterator[Entry]:
    found = step.after.site.rollcalls.get(step.event.rollcall)
    if found is None:
        return
    counts: dict[str, int] = {}
    for answer in found.answers.values():
        counts[answer.heard] = counts.get(answer.heard, 0) + 1
    parts = [f"{grouped(counts[heard])} {word}" for heard, word in HEARD.items() if heard in counts]
    if found.absent:
        parts.append(f"{grouped(len(found.absent))} tidak tersambung")
    yield Entry(found.started_at, "rollcall", "", f"{found.question} Jawaban aula: {', '.join(parts) or '-'}.", step.at)
    for answer in found.answers.values():
        if answer.heard != "yes":
            note = f": {answer.note}" if answer.note else ""
            yield line(
                step,
                "rollcall",
                f"{worded(HEARD, answer.heard).capitalize()}{note}.",
                hall_name(step.after, answer.hall),
            )


PROCEEDINGS: Mapping[str, Line] = {
    "session_opened": told("session", "Sidang dibuka."),
    "session_recessed": recessed,
    "session_resumed": told("session", "Sidang dilanjutkan."),
    "session_closed": told("session", "Sidang ditutup."),
    "session_reopened": reopened,
    "agenda_item_started": item_started,
    "floor_granted": granted,
    "proposals_imported": imported,
    "proposal_added": added,
    "proposal_edited": edited,
    "proposal_moved": one_moved,
    "proposals_moved": several_moved,
    "proposal_decided": decided,
    "proposals_decided": several_decided,
    "proposal_withdrawn": withdrawn,
    "proposals_merged": merged,
    "proposal_unmerged": unmerged,
    "proposal_split": split,
    "ballot_opened": ballot_opened,
    "ballot_closed": ballot_closed,
    "ballot_voided": ballot_voided,
    "quorum_declared": quorum_declared,
    "quorum_awaited": quorum_awaited,
    "quorum_postponed": quorum_postponed,
    "quorum_done_without": quorum_done_without,
    "rules_set": rules_set,
    "record_corrected": corrected,
    "record_confirmed": confirmed,
    "record_amended": amended,
}
SITE: Mapping[str, Line] = {
    "hall_came": hall_came,
    "hall_back": hall_back,
    "hall_blanked": hall_blanked,
    "rollcall_ended": rollcall_ended,
    "quorum_awaited": quorum_awaited,
    "session_recessed": recessed,
}
