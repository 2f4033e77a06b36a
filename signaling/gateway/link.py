"""One connected client as the rest of the gateway sees it: plain calls that never wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from signaling.gateway import packets
from signaling.gateway.packets import Message


class Pipe(Protocol):
    """What carries a link's messages; fanout.py has the one that writes to sockets."""

    @property
    def transport(self) -> Any:
        """The asyncio transport frames may be written to at once, None while the client polls."""

    def deliver(self, message: Message) -> None: ...

    def enqueue_all(self, messages: Iterable[Message]) -> None: ...

    def cut_off(self) -> None: ...

    def leave(self, for_good: bool) -> None: ...


class Link:
    """context belongs to the receiver. sid: unique for a connection, unguessable."""

    __slots__ = ("context", "pipe", "sid")

    def __init__(self, sid: str, pipe: Pipe) -> None:
        self.sid = sid
        self.pipe = pipe
        self.context: Any = None

    def send(self, message: Message) -> None:
        """A client that reads too slowly is cut off instead of waited for."""
        self.pipe.deliver(message)

    def ack(self, reply: int | None, payload: Any) -> None:
        """Answer an event; nothing happens when the client asked for no answer or has left."""
        if reply is not None:
            self.pipe.deliver(packets.ack(reply, payload))

    def dismiss(self, code: str) -> None:
        """Say `bye` and end the Socket.IO session: stock clients do not come back by themselves after that."""
        self.pipe.deliver(packets.event("bye", {"code": code}))
        self.pipe.leave(for_good=True)

    def farewell(self, code: str) -> None:
        """Say `bye` and close the transport: stock clients come back, to whatever node then takes them."""
        self.pipe.deliver(packets.event("bye", {"code": code}))
        self.pipe.leave(for_good=False)

    def drop(self) -> None:
        """Close the transport once what was written is out; stock clients reconnect."""
        self.pipe.leave(for_good=False)


class Receiver(Protocol):
    """What the gateway does with the connections it is brought."""

    async def opened(self, link: Link, auth: Any, headers: Mapping[str, str]) -> None:
        """Raises Refused to turn the client away with that code."""

    def allowed(self, link: Link) -> bool:
        """Asked for every packet that arrives; False once the client has sent far more than it may."""

    def received(self, link: Link, event: packets.Event) -> None: ...

    def closed(self, link: Link) -> None: ...
