"""Annexes VI and VII: what each event of the journal puts into the site log and into the minutes proper.

Two tables from the name of an event to a function of the step it was. An event that is not named puts nothing there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sessions import minutes_decisions as decisions
from sessions import minutes_site as site
from sessions.minutes_model import Entry
from sessions.minutes_step import Line, Step, because, hall_name, line, named, seat_name, sentence
from sessions.minutes_words import clock, grouped, long_date


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


HEAD = {
    "judul": ("title",),
    "tempat": ("place",),
    "tanggal": ("date",),
    "zona waktu": ("tz",),
    "tahun rencana": ("year",),
    "wilayah": ("territory_code", "territory_name"),
}


def session_edited(step: Step) -> Iterator[Entry]:
    """Before the opening the head is preparation, as the rules are."""
    before, after = step.before.session, step.after.session
    if after.opened_at is not None:
        words = (
            word for word, names in HEAD.items() if any(getattr(before, one) != getattr(after, one) for one in names)
        )
        yield line(step, "override", f"Keterangan sidang diubah ({', '.join(words)}).{because(step.event.reason)}")


def corrected(step: Step) -> Iterator[Entry]:
    yield line(step, "correction", f"Koreksi atas rancangan Berita Acara: {step.event.text}")


def confirmed(step: Step) -> Iterator[Entry]:
    yield line(step, "record", "Rancangan Berita Acara dibacakan dan disetujui.")


def amended(step: Step) -> Iterator[Entry]:
    yield line(step, "record", f"Ralat nomor {grouped(step.event.number)} ditambahkan.{because(step.event.reason)}")


def item_changed(what: str) -> Line:
    """An agenda item put in or taken out while the session runs."""

    def told_of(step: Step) -> Iterator[Entry]:
        item = getattr(step.event.item, "item", step.event.item)
        found = next((one for one in (*step.after.agenda, *step.before.agenda) if one.id == item), None)
        if found is not None and step.after.session.opened_at is not None:
            yield line(step, "agenda", f"Acara {what}: {found.title}.")

    return told_of


def group_split(step: Step) -> Iterator[Entry]:
    halls = ", ".join(hall_name(step.after, hall) for hall in step.event.halls)
    cards = grouped(len(step.event.cards))
    yield line(step, "group", f"Sidang kelompok dibentuk: {step.event.title} ({halls}), membahas {cards} usulan.")


def group_joined(step: Step) -> Iterator[Entry]:
    title = step.after.groups.every[step.event.group].title
    yield line(step, "group", f"Hasil sidang kelompok diterima: {title}, {grouped(len(step.event.cards))} usulan.")


def group_recalled(step: Step) -> Iterator[Entry]:
    title = step.after.groups.every[step.event.group].title
    yield line(step, "group", f"Sidang kelompok ditarik kembali: {title}.{because(step.event.reason)}")


def cast_received(step: Step) -> Iterator[Entry]:
    yield line(step, "session", f"Pembukaan disaksikan bersama dari sidang {step.event.title}.")


def panel_set(step: Step) -> Iterator[Entry]:
    names = "; ".join(
        hall_name(step.after, one.hall) if one.seat is None else seat_name(step.after, one.seat)
        for one in step.event.members
    )
    yield line(step, "agenda", f"Gelar wicara dengan: {names}.")


def stepped_back(step: Step) -> Iterator[Entry]:
    name = named(step.after, [step.event.proposal])
    text = f"Pengusul pertama mundur, usulan dilanjutkan pengusul lain: {name}.{because(step.event.reason)}"
    yield line(step, "decision", text)


def session_sealed(step: Step) -> Iterator[Entry]:
    without = f" tanpa persetujuan atas naskah: {step.event.reason}" if step.event.reason else ""
    yield line(step, "record", sentence(f"Berita Acara disahkan{without}"))


PROCEEDINGS: Mapping[str, Line] = {
    "session_opened": told("session", "Sidang dibuka."),
    "session_recessed": recessed,
    "session_resumed": told("session", "Sidang dilanjutkan."),
    "session_closed": told("session", "Sidang ditutup."),
    "session_reopened": reopened,
    "session_sealed": session_sealed,
    "group_dismissed": told("session", "Sidang kelompok ditutup oleh sidang pleno."),
    "group_split": group_split,
    "group_joined": group_joined,
    "group_recalled": group_recalled,
    "cast_received": cast_received,
    "agenda_item_started": item_started,
    "agenda_item_inserted": item_changed("ditambahkan"),
    "agenda_item_removed": item_changed("dihapus"),
    "panel_set": panel_set,
    "panel_ended": told("agenda", "Gelar wicara selesai."),
    "floor_granted": granted,
    "proposals_imported": decisions.imported,
    "proposals_received": decisions.received,
    "proposal_added": decisions.added,
    "proposal_edited": decisions.edited,
    "proposal_moved": decisions.one_moved,
    "proposals_moved": decisions.several_moved,
    "proposal_decided": decisions.decided,
    "proposals_decided": decisions.several_decided,
    "proposal_withdrawn": decisions.withdrawn,
    "proposal_owner_stepped_back": stepped_back,
    "proposals_merged": decisions.merged,
    "proposal_unmerged": decisions.unmerged,
    "proposal_split": decisions.split,
    "proposal_answered": decisions.answered,
    "proposal_rerouted": decisions.rerouted,
    "proposals_sent_up": decisions.sent_up,
    "proposals_kept": decisions.proposals_kept,
    "ceilings_set": decisions.ceilings_set,
    "scoring_opened": decisions.scoring_opened,
    "scoring_closed": decisions.scoring_closed,
    "scoring_voided": decisions.scoring_voided,
    "scoring_ordered": decisions.scoring_ordered,
    "consensus_declared": decisions.consensus,
    "ballot_opened": decisions.ballot_opened,
    "ballot_closed": decisions.ballot_closed,
    "ballot_voided": decisions.ballot_voided,
    "hands_counted": decisions.hands_counted,
    "tie_broken": decisions.tie_broken,
    "delegates_chosen": decisions.delegates_chosen,
    "delegates_sent_up": decisions.delegates_sent_up,
    "delegates_received": decisions.delegates_received,
    "delegates_kept": decisions.delegates_kept,
    "quorum_declared": quorum_declared,
    "quorum_awaited": quorum_awaited,
    "quorum_postponed": quorum_postponed,
    "quorum_done_without": quorum_done_without,
    "rules_set": rules_set,
    "session_edited": session_edited,
    "record_corrected": corrected,
    "record_confirmed": confirmed,
    "record_amended": amended,
}
SITE: Mapping[str, Line] = {
    "hall_came": site.hall_came,
    "hall_blanked": site.hall_blanked,
    "rollcall_ended": site.rollcall_ended,
    "chair_taken": site.chair_taken,
    "quorum_awaited": quorum_awaited,
    "quorum_postponed": quorum_postponed,
    "session_recessed": recessed,
}
