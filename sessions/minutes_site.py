"""What is told in the site log: halls that came, were cut off or withheld, roll-calls, and who led the session."""

from __future__ import annotations

from collections.abc import Iterator

from sessions.minutes_model import Entry
from sessions.minutes_step import Step, because, hall_name, line
from sessions.minutes_terms import CAUSES, HEARD, worded
from sessions.minutes_words import grouped, lasting
from sessions.state import State


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


def outages(state: State) -> Iterator[Entry]:
    """One line for each, at the moment it began; what begins or ends after the session does is no part of it."""
    closed = state.session.closed_at
    for outage in state.site.outages.values():
        if closed is not None and outage.since >= closed:
            continue
        cause, until = worded(CAUSES, outage.cause).capitalize(), outage.until
        if until is None or (closed is not None and until >= closed):
            until, text = None, f"{cause}, belum tersambung kembali."
        else:
            text = f"{cause} selama {lasting(until - outage.since)}."
        yield Entry(outage.since, "outage", hall_name(state, outage.hall), text, until)


CHAIR = {
    "free": "Sidang dipimpin dari meja moderator.",
    "absent": "Kepemimpinan diambil alih karena moderator sebelumnya terputus.",
    "revoked": "Kepemimpinan berpindah karena kartu moderator sebelumnya dicabut.",
    "forced": "Kepemimpinan diambil alih.",
    "handed": "Kepemimpinan diserahkan kepada moderator lain.",
}


def chair_taken(step: Step) -> Iterator[Entry]:
    yield line(step, "chair", f"{worded(CHAIR, step.event.how)}{because(step.event.reason)}")
