"""What is told of proposals, ballots, scorings and delegates in the minutes proper."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sessions.ids import ProposalId
from sessions.minutes_model import Entry
from sessions.minutes_step import Step, because, card_name, hall_name, line, named, seat_name
from sessions.minutes_terms import STATUSES, worded
from sessions.minutes_words import grouped, rupiah
from sessions.state import State


def imported(step: Step) -> Iterator[Entry]:
    yield line(step, "proposal", f"{grouped(len(step.event.proposals))} usulan dimasukkan ke papan.")


def added(step: Step) -> Iterator[Entry]:
    """Before the opening it is preparation and no part of the deliberation."""
    if step.after.session.opened_at is not None:
        yield line(step, "proposal", f"Usulan baru: {card_name(step.after, step.event.proposal)}.")


def edited(step: Step) -> Iterator[Entry]:
    """What moves the figures that are agreed on; the wording of a card is not told change by change."""
    yield from changes_of(step)
    yield from overridden(step, step.event)


def changes_of(step: Step) -> Iterator[Entry]:
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
    yield from overridden(step, step.event)


def split(step: Step) -> Iterator[Entry]:
    parts = "; ".join(card_name(step.after, part.proposal) for part in step.event.parts)
    yield line(step, "decision", f"Usulan dipecah: {card_name(step.after, step.event.proposal)}; menjadi juga {parts}.")
    yield from overridden(step, step.event)


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


def tie_broken(step: Step) -> Iterator[Entry]:
    ballot = step.after.ballots[step.event.ballot]
    label = next((option.label for option in ballot.options if option.id == step.event.option), step.event.option)
    text = f"Suara sama pada {ballot.title} diputuskan pimpinan sidang: {label}.{because(step.event.reason)}"
    yield line(step, "override", text)


def hands_counted(step: Step) -> Iterator[Entry]:
    hand = step.event.hand
    witness = seat_name(step.after, hand.witness)
    text = f"Hitung tangan: {grouped(hand.cast)} suara, disaksikan {witness}."
    yield line(step, "vote", text, hall_name(step.after, hand.hall))


def consensus(step: Step) -> Iterator[Entry]:
    word = "tercapai" if step.event.outcome == "agreed" else "tidak tercapai"
    about = f" atas {named(step.after, step.event.proposals)}" if step.event.proposals else ""
    noted = f" Catatan: {step.event.note}" if step.event.note else ""
    yield line(step, "consensus", f"Mufakat {word}: {step.event.subject}{about}.{noted}")


def scoring_opened(step: Step) -> Iterator[Entry]:
    many, scorers = grouped(len(step.event.proposals)), grouped(len(step.event.scorers))
    yield line(step, "vote", f"Penilaian dibuka: {step.event.title}, {many} usulan, {scorers} penilai.")


def scoring_closed(step: Step) -> Iterator[Entry]:
    scored = grouped(sum(1 for outcome in step.event.outcomes if outcome.score is not None))
    title = step.after.scoring.rounds[step.event.scoring].title
    yield line(step, "vote", f"Penilaian ditutup: {title}, {scored} usulan dinilai.")


def scoring_voided(step: Step) -> Iterator[Entry]:
    title = step.after.scoring.rounds[step.event.scoring].title
    yield line(step, "vote", f"Penilaian dinyatakan batal: {title}.{because(step.event.reason)}")


def scoring_ordered(step: Step) -> Iterator[Entry]:
    order = named(step.after, step.event.proposals)
    yield line(step, "decision", f"Nilai sama diurutkan forum: {order}.{because(step.event.reason)}")


def ceilings_set(step: Step) -> Iterator[Entry]:
    set_to = "; ".join(
        f"{hall_name(step.after, one.hall) or 'seluruh sidang'} {money(one.amount)}" for one in step.event.ceilings
    )
    yield line(step, "decision", f"Pagu indikatif ditetapkan: {set_to}.{because(step.event.reason)}")


def answered(step: Step) -> Iterator[Entry]:
    answer = step.event.answer
    parts = [f"perkiraan biaya {rupiah(answer.cost)}"] if answer.cost is not None else []
    parts += [answer.note] if answer.note else []
    told = f": {'; '.join(parts)}" if parts else ""
    name = card_name(step.after, step.event.proposal)
    yield line(step, "answer", f"Tanggapan perangkat daerah atas {name}{told}.", answer.agency)


def rerouted(step: Step) -> Iterator[Entry]:
    name = card_name(step.after, step.event.proposal)
    text = f"Usulan dialihkan ke {step.event.agency}: {name}.{because(step.event.reason)}"
    yield line(step, "decision", text)


def sent_up(step: Step) -> Iterator[Entry]:
    yield line(step, "decision", f"{grouped(len(step.event.proposals))} usulan diteruskan ke tingkat berikutnya.")


def proposals_kept(step: Step) -> Iterator[Entry]:
    cards = [one.proposal for one in step.event.proposals]
    text = f"{grouped(len(cards))} usulan batal diteruskan dan tetap di sidang ini: {named(step.after, cards)}."
    yield line(step, "decision", text)


def received(step: Step) -> Iterator[Entry]:
    yield line(
        step, "proposal", f"{grouped(len(step.event.proposals))} usulan diterima dari sidang {step.event.origin}."
    )


def delegates_chosen(step: Step) -> Iterator[Entry]:
    names = "; ".join(seat_name(step.after, seat) for seat in step.event.seats)
    how = "secara aklamasi" if step.event.ballot is None else "melalui pemungutan suara"
    yield line(step, "decision", f"Delegasi ditetapkan {how}: {names}.")
    if step.event.broken:
        yield line(step, "override", f"Susunan delegasi melampaui ketentuan.{because(step.event.reason)}")


def delegates_sent_up(step: Step) -> Iterator[Entry]:
    yield line(step, "decision", f"{grouped(len(step.event.seats))} delegasi diutus ke tingkat berikutnya.")


def delegates_kept(step: Step) -> Iterator[Entry]:
    names = "; ".join(seat_name(step.after, seat) for seat in step.event.seats)
    yield line(step, "decision", f"{grouped(len(step.event.seats))} delegasi batal diutus: {names}.")


def delegates_received(step: Step) -> Iterator[Entry]:
    yield line(step, "decision", f"{grouped(len(step.event.seats))} delegasi diterima dari sidang {step.event.origin}.")
