"""A plenary founded by an admin of the installation over HTTP."""

from __future__ import annotations

from typing import Any

from server.app import Running
from sessions.ids import SessionId
from sessions.presets.agenda import TEMPLATES
from tests.http.staff import Browser, account, browser, code, with_telephone

WANTED = {"title": "Musrenbang Kota 2027", "place": "Balai Kota", "date": "2027-03-15", "template": "kecamatan"}


async def asked(server: Running, page: Browser, **more: Any) -> tuple[int, dict[str, Any]]:
    headers = {"Origin": server.url, "X-Pleno-Token": page.token}
    async with page.http.post("/api/sessions", json={**WANTED, **more}, headers=headers) as answer:
        return answer.status, await answer.json()


async def test_an_admin_of_the_installation_founds_a_plenary_and_no_one_else(server: Running) -> None:
    by = await account(server, "sekretariat", (None, "admin"))
    secret = await with_telephone(server, by)
    await account(server, "moderator", ("bekasi-2018", "moderator"))
    async with browser(server) as http:
        page = Browser(http, server)
        await page.log_in("moderator")
        assert (await asked(server, page))[1]["code"] == "forbidden"
    async with browser(server) as http:
        page = Browser(http, server)
        await page.log_in("sekretariat")
        assert (await asked(server, page))[1]["code"] == "code_owed"
        await page.ask("POST", "/login/code", {"code": code(server, secret)})
        status, made = await asked(server, page, tz="WITA", rehearsal=True)
        assert status == 201 and made["session"].startswith("musrenbang-kota-2027-")
        for wrong in ({"template": "x"}, {"date": "besok"}, {"title": ""}, {"kind": "group"}):
            assert (await asked(server, page, **wrong))[1]["code"] == "bad_input"
        page.token = "another"
        assert (await asked(server, page))[1]["code"] == "stale_page"
    state = (await server.services.desks.desk(SessionId(made["session"]))).state
    assert (state.session.tz, state.session.rehearsal, state.session.level) == ("WITA", True, "KECAMATAN")
    assert len(state.agenda) == len(TEMPLATES["kecamatan"].items)
    trail = await server.services.store.audit.entries()
    assert any(one.action == "session.found" and one.actor == by.actor for one in trail)
