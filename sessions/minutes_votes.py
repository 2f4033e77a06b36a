"""Annex V of the record: a protocol for each ballot that was opened."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from sessions.minutes_model import Agreement, Choice, HandRow, VoteProtocol
from sessions.minutes_terms import BASES, MAJORITIES, METHODS, PROOFS, SECRECY, WEIGHTS, worded
from sessions.minutes_words import grouped, rupiah
from sessions.model.ballot import Ballot, Result
from sessions.state import State

EARLIER = " (dipakai hitungan sebelumnya yang dibenarkan saksi)"


def agreements(state: State) -> tuple[Agreement, ...]:
    """Every attempt at consensus, whether it came about or not."""
    return tuple(
        Agreement(
            at=one.at,
            subject=one.subject,
            agreed=one.outcome == "agreed",
            proposals=tuple(state.board.proposals[card].content.title for card in one.proposals),
            note=one.note,
        )
        for one in state.consensus.values()
    )


def votes(state: State) -> tuple[VoteProtocol, ...]:
    """In the order they were opened; one that is still open has no figures."""
    return tuple(
        protocol(state, ballot) for ballot in sorted(state.ballots.values(), key=lambda ballot: ballot.opened_at)
    )


def protocol(state: State, ballot: Ballot) -> VoteProtocol:
    result = ballot.result
    return VoteProtocol(
        ballot=ballot.id,
        title=ballot.title,
        state=ballot.state,
        opened_at=ballot.opened_at,
        closed_at=ballot.closed_at,
        electorate=len(ballot.electorate),
        cast=None if result is None else result.cast,
        blank=None if result is None else result.blank,
        facts=(*facts(ballot), *left_out(state, ballot)),
        hands=tuple(hands(state, ballot)),
        choices=() if result is None else tuple(choices(ballot, result)),
        root="" if result is None else result.root,
        reason=ballot.reason,
    )


def facts(ballot: Ballot) -> Iterator[tuple[str, str]]:
    rule = ballot.rule
    options = grouped(len(ballot.options))
    yield "Cara", worded(METHODS, rule.method)
    yield "Pilihan", f"paling banyak {grouped(ballot.choose_max)} dari {options}"
    yield "Sifat", worded(SECRECY, ballot.secrecy)
    if ballot.proof is not None:
        yield "Tanda terima", worded(PROOFS, ballot.proof)
    yield "Ketentuan terpilih", f"{worded(MAJORITIES, rule.majority)}{base(ballot)}; {grouped(ballot.places)} terpilih"
    if rule.weights != "none":
        yield "Bobot suara", worded(WEIGHTS, rule.weights)
    if rule.budget is not None:
        yield "Pagu", rupiah(rule.budget)
    if ballot.round > 1:
        yield "Putaran", grouped(ballot.round)
    if ballot.override:
        yield "Tanpa upaya mufakat lebih dahulu", ballot.override
    yield from counted(ballot)


def base(ballot: Ballot) -> str:
    return "" if ballot.rule.majority == "simple" else f" dari {worded(BASES, ballot.rule.base)}"


def counted(ballot: Ballot) -> Iterator[tuple[str, str]]:
    """What the count says besides the votes of each option."""
    result = ballot.result
    if result is None:
        return
    if result.delegated:
        yield "Suara yang diwakilkan", grouped(result.delegated)
    if result.spent is not None:
        yield "Anggaran terpakai", rupiah(result.spent)
    if result.invalid:
        yield "Tidak mengikat", result.invalid
    for taken in ballot.breaks:
        yield "Keputusan pimpinan atas suara sama", f"{labels(ballot)[taken.option]}. Alasan: {taken.reason}"


def left_out(state: State, ballot: Ballot) -> Iterator[tuple[str, str]]:
    """Raised hands that did not enter the result, in one line."""
    left = () if ballot.result is None else ballot.result.left_out
    told = "; ".join(
        f"{state.halls[one.hall].name}, {grouped(one.cast)} suara{EARLIER if one.earlier else ''}" for one in left
    )
    if told:
        yield "Hitungan tangan yang tidak ikut dihitung karena saksi belum membenarkan", told


def hands(state: State, ballot: Ballot) -> Iterator[HandRow]:
    """Each hall whose raised hands were counted, with the office of the witness."""
    for count in ballot.hands.values():
        witness = state.seats.get(count.witness)
        yield HandRow(
            hall=state.halls[count.hall].name,
            cast=count.cast,
            blank=count.blank,
            witness=count.witness if witness is None else witness.office,
            confirmed=count.confirmed,
        )


def labels(ballot: Ballot) -> dict[str, str]:
    return {one.id: f"{one.label} ({one.detail})" if one.detail else one.label for one in ballot.options}


def choices(ballot: Ballot, result: Result) -> Iterator[Choice]:
    """Most votes first; equal ones in the order of the ballot. What decided where that is no number of votes, too."""
    named = labels(ballot)
    for count in sorted(result.counts, key=lambda count: (-Fraction(count.value or count.votes), -count.votes)):
        outcome = "elected" if count.option in result.elected else "tied" if count.option in result.tied else ""
        yield Choice(named[count.option], count.votes, count.value, outcome)
