"""The body of the record, in the words of Permendagri 54/2010 Lampiran V and the forms in use (P4, R2, R3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sessions.minutes_floor import speaker
from sessions.minutes_model import Block, Clause, Considerations, Head, Signer, Speech
from sessions.minutes_words import day_in_words, grouped, ordinal, parsed, words
from sessions.model.agenda import AgendaItem
from sessions.state import State

ADDRESSES = ("REPORT", "ADDRESS", "OPENING")
PRESENTATIONS = ("PRESENTATION", "COUNCIL_IDEAS", "GROUP_REPORT", "TALKSHOW")
RESPONSES = ("AGENCY_RESPONSE", "QA", "PROPOSAL_REVIEW")
LEVELS = {
    "RW": "RW",
    "KELURAHAN": "KELURAHAN",
    "KECAMATAN": "KECAMATAN",
    "AGENCY_FORUM": "FORUM PERANGKAT DAERAH",
    "CITY": "KABUPATEN/KOTA",
}
NAMED_MOST = 3  # speakers named with one item of the agenda


def head(state: State) -> Head:
    sheet = state.record.sheet
    lines = tuple(line.strip() for line in sheet.heading.splitlines() if line.strip())
    return Head(sheet.letterhead, lines or heading(state), sheet.number)


def heading(state: State) -> tuple[str, ...]:
    """ "BERITA ACARA HASIL KESEPAKATAN …", of a group its own; the place and the year where the session says them."""
    session = state.session
    what = "BERITA ACARA SIDANG KELOMPOK" if session.kind == "group" else "BERITA ACARA HASIL KESEPAKATAN"
    lines = [what, session.title.upper()]
    if session.territory_name:
        level = LEVELS.get(session.level or "", "")
        lines.append(f"DI {level} {session.territory_name}".replace("  ", " ").upper())
    lines.append(f"TAHUN {year(state)}")
    return tuple(lines)


def year(state: State) -> int:
    """The plan year, else the one after the session's date: a forum plans for the next year."""
    return state.session.year or parsed(state.session.date).year + 1


def place(state: State) -> str:
    return state.record.sheet.place or state.session.place


def forum(state: State) -> str:
    return state.record.sheet.forum or state.session.title


def opening(state: State) -> str:
    where = f" bertempat di {place(state)}" if place(state) else ""
    return (
        f"Pada {day_in_words(state.session.date)}{where} telah diselenggarakan {forum(state)} yang dihadiri pemangku "
        "kepentingan sesuai dengan daftar hadir peserta yang tercantum dalam LAMPIRAN I Berita Acara ini."
    )


def considerations(state: State, told: Sequence[Speech]) -> Considerations:
    """What the agenda items that took place were, each with whoever had the floor meanwhile."""
    return Considerations(
        tuple(items(state, ADDRESSES, told)),
        tuple(items(state, PRESENTATIONS, told)),
        (*items(state, RESPONSES, told), *summary(state, told)),
    )


def items(state: State, kinds: Sequence[str], told: Sequence[Speech]) -> Iterator[str]:
    for item in state.agenda:
        if item.kind in kinds and item.started_at is not None:
            named = [item.speaker] if item.speaker else []
            who = list(dict.fromkeys([*named, *(speaker(state, turn) for turn in told if within(turn, item))]))
            more = f" dan {grouped(len(who) - NAMED_MOST)} pembicara lain" if len(who) > NAMED_MOST else ""
            by = f" (pembicara: {'; '.join(who[:NAMED_MOST])}{more})" if who else ""
            yield f"{item.title}{by}"


def within(turn: Speech, item: AgendaItem) -> bool:
    if item.started_at is None or turn.at < item.started_at:
        return False
    return item.ended_at is None or turn.at < item.ended_at


def summary(state: State, told: Sequence[Speech]) -> Iterator[str]:
    """How much was said, from how many places."""
    if told:
        halls = len({turn.hall for turn in told})
        yield (
            f"Tanggapan dan saran peserta dalam {grouped(len(told))} giliran bicara dari {grouped(halls)} tempat, "
            "sebagaimana tercatat dalam LAMPIRAN VII"
        )


def block(state: State) -> Block:
    session = state.session
    return Block(
        session.date, session.tz, session.opened_at, session.closed_at, place(state), participants(state), forum(state)
    )


def participants(state: State) -> str:
    """Who ever came; guests are those counted last."""
    came, guests = len(state.attendance.arrivals), state.attendance.total.guests
    if came == 0 and guests == 0:
        return f"{grouped(len(state.seats))} orang diundang, daftar hadir terlampir"
    others = f" dan {grouped(guests)} tamu" if guests else ""
    return (
        f"{grouped(came)} ({words(came)}) orang{others}, dari {grouped(len(state.seats))} yang diundang; "
        "daftar hadir terlampir"
    )


def clauses(state: State, counts: Mapping[str, int]) -> tuple[Clause, ...]:
    """The four common ones, then the local ones of the rules and of the record. counts: proposals of each list."""
    prioritised, refused = counted(counts["PRIORITISED"]), counted(counts["NOT_AGREED"])
    agreed, rest = counts["AGREED"], counts["UNDECIDED"]
    only = f" Sebanyak {counted(agreed)} lainnya disepakati tanpa masuk daftar prioritas." if agreed else ""
    undecided = f" Sebanyak {counted(rest)} belum diputuskan dalam forum ini." if rest else ""
    texts = [
        f"Menyepakati kegiatan prioritas, sasaran, dan kebutuhan pendanaannya sebanyak {prioritised} sebagaimana "
        f"tercantum dalam LAMPIRAN II Berita Acara ini.{only}",
        f"Menyepakati usulan yang belum dapat diakomodasi beserta alasannya sebanyak {refused} sebagaimana tercantum "
        f"dalam LAMPIRAN III Berita Acara ini.{undecided}",
        "Menyepakati hasil sidang kelompok dan daftar hadir peserta sebagai satu kesatuan dan bagian yang tidak "
        "terpisahkan dari Berita Acara ini.",
        "Menyepakati Berita Acara ini sebagai bahan penyusunan rancangan Rencana Kerja Pemerintah Daerah (RKPD) "
        f"Tahun {year(state)}.",
        *state.rules.record.clauses,
        *state.record.sheet.clauses,
    ]
    return tuple(Clause(ordinal(at), text) for at, text in enumerate(texts, 1))


def counted(number: int) -> str:
    return f"{grouped(number)} ({words(number)}) usulan"


def closing(state: State) -> str:
    return "Demikian Berita Acara ini dibuat dan disahkan untuk digunakan sebagaimana mestinya."


def signers(state: State) -> tuple[Signer, ...]:
    """Whoever the sheet names; without any, the chair, who signs alone in several forms (R2, R3)."""
    found = state.record.sheet.signatories
    if not found:
        return (Signer("chair", "Pimpinan sidang", None),)
    return tuple(
        Signer(one.role, one.office or ("" if one.seat is None else state.seats[one.seat].office), one.seat)
        for one in found
    )
