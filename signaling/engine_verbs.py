"""The engine's verbs as messages: what is the same whether a worker beside us or another node carries them out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, Literal

from signaling.engine import PeerRef, Shown, Source
from signaling.sfu import control


class Verbs(ABC):
    """The verbs of Engine that concern a peer, over whatever carries messages there and answers back."""

    @abstractmethod
    async def _ask(self, message: dict[str, Any]) -> control.Message:
        """Raises EngineError."""

    async def publish(self, peer: PeerRef, sdp: str, tracks: Mapping[str, Source]) -> str:
        """See Engine."""
        message = {"op": "publish", "peer": control.peer_out(peer), "sdp": sdp, "tracks": dict(tracks)}
        return str((await self._ask(message))["sdp"])

    async def show(self, peer: PeerRef, shown: Shown) -> None:
        """See Engine."""
        await self._ask({"op": "show", "peer": control.peer_out(peer), "shown": control.shown_out(shown)})

    async def answer(self, peer: PeerRef, generation: int, sdp: str) -> None:
        """See Engine."""
        await self._ask({"op": "answer", "peer": control.peer_out(peer), "generation": generation, "sdp": sdp})

    async def leave(self, peer: PeerRef, what: Literal["publish", "subscribe", "all"]) -> None:
        """See Engine."""
        await self._ask({"op": "leave", "peer": control.peer_out(peer), "what": what})
