"""The names a record prints, out of the store; each reading is written down there."""

from __future__ import annotations

from server.documents.names import Names, People, Person
from server.store.people import SqlPeople
from sessions.ids import SessionId

READER, PURPOSE = "system", "record"


def names_of(people: SqlPeople) -> Names:
    """The port of server/documents/names.py."""

    async def read(session: SessionId) -> People:
        found = await people.of(session, READER, PURPOSE)
        return {
            seat: Person(
                name=person.name,
                age=person.age,
                sex=person.sex,
                organisation=person.organisation,
                address=person.address,
                phone=person.phone,
                nip=person.nip,
            )
            for seat, person in found.items()
        }

    return read
