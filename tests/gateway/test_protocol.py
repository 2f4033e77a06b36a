"""Admission, commands, votes and their acknowledgements over real sockets."""

from __future__ import annotations

import asyncio
import base64
import json
import logging

import aiohttp
import pytest

from sessions.canonical import canonical
from tests.fixtures import stores
from tests.gateway.carried import until
from tests.gateway.served import Key, Wire, deliberation, dial, dialled, serving
from tests.sessions.given import MODERATOR, SYSTEM

TRACKER = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("auth", [None, {}, {"credential": 7}, {"credential": "forged"}, [], "x", {"credential": None}])
async def test_nobody_comes_in_without_a_known_credential(auth: object) -> None:
    async with serving() as served:
        wire = await dial(served.url, auth)
        assert wire.refused == "credential_unknown"
        await asyncio.wait_for(wire.closed.wait(), 5)
        await wire.close()
        assert served.gateway.metrics()["people"] == 0


async def test_an_expired_credential_is_refused_and_one_that_expires_ends_the_connection() -> None:
    async with serving() as served:
        served.door.expires["screen"] = 0
        wire = await dial(served.url, {"credential": "screen"})
        assert wire.refused == "credential_expired"
        await wire.close()
        served.door.expires["screen"] = served.clock.at + 150
        wire = await dial(served.url, {"credential": "screen"})
        assert wire.refused is None
        await asyncio.wait_for(wire.closed.wait(), 5)
        assert not wire.said_disconnect, "the transport closes, so that the client comes back and learns why"
        await wire.close()


async def test_another_sites_page_is_refused() -> None:
    async with serving(origins=("https://musrenbang.example",)) as served:
        for origin, refused in (
            ("https://evil.example", "origin_refused"),
            ("null", "origin_refused"),
            ("https://musrenbang.example", None),
            (served.url, None),
        ):
            wire = await dial(served.url, {"credential": "screen"}, Origin=origin)
            assert wire.refused == refused, origin
            await wire.close()


async def test_a_full_server_says_so() -> None:
    async with serving(max_clients=1) as served, dialled(served, "moderator"):
        wire = await dial(served.url, {"credential": "screen"})
        assert wire.refused == "server_full"
        await wire.close()


async def test_while_the_database_is_away_whoever_comes_is_told_so() -> None:
    async with serving() as served:
        served.door.away = True
        wire = await dial(served.url, {"credential": "screen"})
        assert wire.refused == "held"
        await asyncio.wait_for(wire.closed.wait(), 5)
        await wire.close()


async def test_a_command_is_answered_and_the_same_key_gets_the_same_answer() -> None:
    async with serving() as served, dialled(served, "moderator") as (wire,):
        data = {"title": "Jalan lingkungan", "hall": "pejuang"}
        first = await wire.command("proposal.add", data)
        assert first["ok"] and first["result"]["version"] == 1
        assert await wire.command("proposal.add", data) == first
        assert first["seq"] == served.desk.state.seq, "recorded once"


async def test_the_rules_say_no_and_the_connection_stays() -> None:
    async with serving() as served, dialled(served, "seat-07") as (wire,):
        assert await wire.command("session.close") == {"ok": False, "code": "forbidden", "data": {}}
        answer = await wire.command("floor.withdraw", {"request": "none"}, "key-00000002")
        assert answer == {"ok": False, "code": "unknown_request", "data": {"request": "none"}}
        assert not wire.closed.is_set()


async def test_a_badly_shaped_command_is_answered_and_the_transport_closes() -> None:
    async with serving() as served, dialled(served, "moderator") as (wire,):
        answer = await wire.command("stage.show", {"scene": 7})
        assert answer == {"ok": False, "code": "bad_input", "data": {"field": "scene"}}
        await asyncio.wait_for(wire.closed.wait(), 5)


@pytest.mark.parametrize(
    ("event", "payload"),
    [
        ("sync", None),
        ("sync", {"after": "7"}),
        ("sync", {"after": -1}),
        ("sync", {"after": True}),
        ("command", {"name": "agenda.next", "data": {}}),
        ("command", {"key": "short", "name": "agenda.next", "data": {}}),
        ("command", {"key": "key-00000001", "name": 7, "data": {}}),
        ("command", {"key": "key-00000001", "name": "agenda.next", "data": []}),
        ("vote", "x"),
        ("media", {"method": "fly"}),
        ("media", {"method": "show", "halls": "pejuang", "stage": True, "audio": True}),
        ("media", {"method": "publish", "sdp": "x", "tracks": [{"mid": "0", "source": "window"}]}),
        ("unheard", {}),
    ],
)
async def test_an_envelope_of_the_wrong_shape_is_bad_input(event: str, payload: object) -> None:
    async with serving() as served, dialled(served, "hall-pejuang") as (wire,):
        answer = await wire.call(event, payload)
        assert (answer["ok"], answer["code"]) == (False, "bad_input")
        await asyncio.wait_for(wire.closed.wait(), 5)


async def test_a_vote_works_before_any_sync_and_its_receipt_verifies() -> None:
    async with serving() as served, dialled(served, "seat-07", "seat-11", "guest") as (one, two, guest):
        ballot = await served.open_ballot("open")
        answer = await one.call("vote", {"ballot": ballot, "choices": ["y", "x"], "key": "key-00000001"})
        receipt = dict(answer["receipt"])
        assert receipt["seat"] == "pejuang-07" and receipt["choices"] == ["x", "y"] and receipt["tracker"] is None
        signature = base64.urlsafe_b64decode(receipt.pop("signature") + "==")
        served.key.public.verify(signature, canonical(receipt))  # raises InvalidSignature
        assert (await guest.call("vote", {"ballot": ballot, "choices": ["x"], "key": "key-00000001"}))["code"] == (
            "not_in_electorate"
        )
        await served.do("ballot.close", {"ballot": ballot})
        late = await two.call("vote", {"ballot": ballot, "choices": ["x"], "key": "key-00000001"})
        assert late["code"] == "ballot_closed"
        again = await one.call("vote", {"ballot": ballot, "choices": ["y", "x"], "key": "key-00000001"})
        assert again == answer, "a retry after close gets the same receipt"


@pytest.mark.postgresql
async def test_a_secret_receipt_names_the_tracker_and_nothing_else() -> None:
    async with serving() as served, dialled(served, "seat-07") as (wire,):
        ballot = await served.open_ballot("secret")
        answer = await wire.call("vote", {"ballot": ballot, "choices": ["x"], "tracker": TRACKER})
        receipt = answer["receipt"]
        assert (receipt["tracker"], receipt["seat"], receipt["choices"]) == (TRACKER, None, None)
        assert await wire.call("vote", {"ballot": ballot, "choices": ["x"], "tracker": TRACKER}) == answer
        other = await wire.call("vote", {"ballot": ballot, "choices": ["x"], "tracker": "f" * 32})
        assert other["code"] == "already_voted"
        assert await served.in_box(ballot) == {TRACKER: ("x",)}


@pytest.mark.postgresql
async def test_what_a_seat_voted_is_in_its_me_on_every_device_and_after_a_restart() -> None:
    key = Key()
    async with stores.kept(deliberation) as url:
        async with serving(url, key=key) as served, dialled(served, "seat-07", "seat-07") as (phone, tablet):
            for wire in (phone, tablet):
                assert (await wire.call("sync", {"after": None}))["me"]["voted"] == {}
            ballot = await served.open_ballot("open", choose_max=1)
            vote = {"ballot": ballot, "choices": ["x"], "key": "key-00000001"}
            receipt = (await phone.call("vote", vote))["receipt"]
            await tablet.until(lambda: tablet.of("me"))
            told = tablet.of("me")[-1]
            assert told["voted"] == {ballot: True} and told["receipts"] == {ballot: receipt}
            assert all(ballot not in me["receipts"] for me in phone.of("me")), "who voted has the receipt already"
        for closed in (False, True):  # a new process, first with the ballot running, then closed
            async with serving(url, key=key) as served, dialled(served, "seat-07", "seat-11") as (phone, other):
                me = (await phone.call("sync", {"after": None}))["me"]
                assert me["voted"] == {ballot: True} and me["receipts"] == {ballot: receipt}, closed
                assert (await other.call("sync", {"after": None}))["me"]["voted"] == {}
                if not closed:
                    await served.do("ballot.close", {"ballot": ballot})


async def test_a_revoked_pass_says_bye_to_each_of_its_devices_and_its_commands_are_over() -> None:
    async with serving() as served, dialled(served, "seat-07", "seat-07", "seat-11") as (*wires, other):
        await served.do("pass.revoke", {"pass": "p-07"}, SYSTEM)
        for wire in wires:
            await asyncio.wait_for(wire.closed.wait(), 5)
            assert wire.of("bye") == [{"code": "pass_revoked"}] and wire.said_disconnect
        assert not other.closed.is_set()
        again = await dial(served.url, {"credential": "seat-07"})
        assert again.refused == "pass_revoked"
        await again.close()


async def test_a_second_page_of_a_hall_replaces_the_first_which_is_told_to_stay_away() -> None:
    async with serving() as served, dialled(served, "hall-pejuang", "moderator") as (old, moderator):
        await moderator.call("sync", {"after": None})
        await old.call("sync", {"after": None})
        async with dialled(served, "hall-pejuang") as (new,):
            await asyncio.wait_for(old.closed.wait(), 5)
            assert old.of("bye") == [{"code": "replaced"}] and old.said_disconnect
            assert (await new.call("sync", {"after": None}))["ok"]
            assert not new.closed.is_set()
            ask = await moderator.call("sync", {"after": served.desk.state.seq})
            assert ask["ok"]
            await moderator.until(lambda: moderator.of("presence"))
            assert moderator.of("presence")[-1]["halls"]["pejuang"]["connected"]
            answer = await new.command("floor.request", {"note": "masih di sini"})
            assert answer["ok"]
        assert served.gateway.metrics()["people"] == 1


async def test_an_own_fault_gets_an_incident_and_harms_nobody_else(caplog: pytest.LogCaptureFixture) -> None:
    async with serving() as served, dialled(served, "moderator", "screen") as (wire, other):
        vote = "pejuang-07 chose x"

        async def explode(*_: object) -> None:
            raise ZeroDivisionError(vote)

        original, served.desk.submit = served.desk.submit, explode  # type: ignore[method-assign,assignment]
        with caplog.at_level(logging.ERROR):
            answer = await wire.command("agenda.next")
        assert answer["code"] == "internal"
        assert answer["data"]["incident"] in caplog.text and "ZeroDivisionError" in caplog.text
        assert "pejuang-07" not in caplog.text, "the text of an error may quote a vote"
        served.desk.submit = original  # type: ignore[method-assign]
        assert not wire.closed.is_set()
        assert (await other.call("sync", {"after": None}))["ok"]


async def test_commands_of_one_client_do_not_wait_for_each_other() -> None:
    async with serving() as served, dialled(served, "moderator") as (wire,):
        keys = [f"key-{number:08}" for number in range(40)]
        asks = [
            wire.ask("command", {"key": key, "name": "proposal.add", "data": {"title": key, "hall": "pejuang"}})
            for key in keys
        ]
        answers = await asyncio.wait_for(asyncio.gather(*asks), 5)
        assert all(answer["ok"] for answer in answers)
        titles = {card.content.title for card in served.desk.state.board.proposals.values()}
        assert titles >= set(keys)


async def test_who_sends_no_acknowledgement_id_gets_none() -> None:
    async with serving() as served, dialled(served, "moderator") as (wire,):
        wire.raw('42["command",{"key":"key-00000001","name":"stage.show","data":{"scene":"board"}}]')
        assert (await wire.command("stage.focus", {"proposal": None}))["ok"]
        assert served.desk.state.stage.scene == "board"
        recorded = await served.store.journal.read(MODERATOR.session, 0)
        assert MODERATOR.id in {event.actor for event in recorded}


async def test_events_sent_together_with_the_handshake_are_answered_after_it() -> None:
    async with serving() as served:
        http = aiohttp.ClientSession()
        wire = Wire(http, await http.ws_connect(f"{served.url}/socket.io/?EIO=4&transport=websocket"))
        wire.raw('40{"credential":"moderator"}')
        answer = await wire.call("sync", {"after": None})
        assert answer["me"]["role"] == "moderator"
        await wire.close()


async def test_over_long_polling_everything_is_the_same_and_a_megabyte_is_refused() -> None:
    async with serving(frame_ms=5) as served, aiohttp.ClientSession() as http:
        url = f"{served.url}/socket.io/?EIO=4&transport=polling"
        opened = json.loads((await (await http.get(url)).text())[1:])
        url += f"&sid={opened['sid']}"
        assert opened["maxPayload"] == 64 * 1024

        async def post(text: str) -> int:
            async with http.post(url, data=text.encode()) as response:
                return response.status

        async def poll() -> list[str]:
            async with http.get(url) as response:
                return (await response.text()).split("\x1e")

        assert await post('40{"credential":"moderator"}') == 200
        assert (await poll())[0].startswith("40{")
        data = {"key": "key-00000001", "name": "stage.show", "data": {"scene": "board"}}
        await post("\x1e".join(['421["sync",{"after":null}]', "422" + json.dumps(["command", data])]))
        heard: list[str] = []
        while not {"431", "432"} <= {text[:3] for text in heard}:
            heard += await poll()
        assert '"scene":"board"' not in "".join(heard), "no frames before the client can use them"
        upto = json.loads(next(text for text in heard if text.startswith("431"))[3:])[0]["upto"]
        await post(f'423["sync",{{"after":{upto}}}]')
        while not any(text.startswith('42["frame"') for text in heard):
            heard += await poll()
        assert await post("42" + "x" * 1_000_000) == 200
        while not any(text.startswith("41") for text in heard):
            heard += await poll()
        assert '42["bye",{"code":"too_large"}]' in heard
        await until(lambda: served.gateway.metrics()["connections"] == 0)


async def test_more_strangers_than_there_are_places_are_sent_away_at_the_door() -> None:
    async with serving(max_clients=2) as served, aiohttp.ClientSession() as http:
        url = f"{served.url}/socket.io/?EIO=4&transport=polling"
        codes = []
        for _ in range(70):
            async with http.get(url) as response:
                codes.append(response.status)
        assert codes[:66] == [200] * 66 and codes[66:] == [503] * 4


@pytest.mark.postgresql
async def test_once_every_voter_is_known_nobody_who_joins_costs_a_query() -> None:
    async with serving(ephemeral_ms=5) as served, dialled(served, "seat-07", "seat-11") as (one, two):
        ballot = await served.open_ballot("open")
        assert (await one.call("vote", {"ballot": ballot, "choices": ["x"], "key": "key-00000001"}))["ok"]
        votes = served.gateway._plenaries[MODERATOR.session].votes
        await until(lambda: votes._counted.get(ballot) == 1)
        asked: list[str] = []
        original = served.store.box.voted

        async def voted(ballot: str, seat: str) -> object:
            asked.append(seat)
            return await original(ballot, seat)

        served.store.box.voted = voted  # type: ignore[method-assign,assignment]
        assert (await one.call("sync", {"after": None}))["me"]["voted"] == {ballot: True}
        assert (await two.call("sync", {"after": None}))["me"]["voted"] == {}
        assert asked == []
