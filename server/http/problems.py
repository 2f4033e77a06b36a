"""Errors over HTTP: RFC 9457 problem+json with the stable code as an extra member."""

from __future__ import annotations

import json
import logging
import math
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import hdrs, web

from sessions.errors import ProtocolError, Refused
from sessions.shape import IDENT
from signaling import trail

log = logging.getLogger(__name__)

STATUS = {
    "pass_unknown": 401,
    "pass_expired": 401,
    "pass_revoked": 401,
    "pass_moved": 401,
    "pass_claimed": 409,
    "pin_wrong": 409,
    "pin_spent": 409,
    "credential_unknown": 401,
    "credential_expired": 401,
    "login_failed": 401,
    "not_logged_in": 401,
    "logged_out": 401,
    "code_wrong": 401,
    "code_owed": 403,
    "totp_owed": 403,
    "password_owed": 403,
    "origin_refused": 403,
    "stale_page": 403,
    "needs_https": 403,
    "unknown_account": 404,
    "already_exists": 409,
    "forbidden": 403,
    "unknown_session": 404,
    "unknown_proposal": 404,
    "unknown_ballot": 404,
    "unknown_photo": 404,
    "unknown_deck": 404,
    "unknown_hall": 404,
    "unknown_seat": 404,
    "wrong_hall": 409,
    "ballot_is_open": 409,
    "too_many_photos": 409,
    "too_many_files": 409,
    "unknown_file": 404,
    "unknown_pass": 404,
    "unknown_print": 404,
    "print_running": 409,
    "nothing_to_print": 409,
    "other_agency": 403,
    "account_pass": 403,
    "seal_key_missing": 503,
    "wrong_phase": 409,
    "no_delegation": 409,
    "not_on_secret": 409,
    "not_in_electorate": 409,
    "ballot_closed": 409,
    "ballot_void": 409,
    "too_large": 413,
    "not_an_image": 415,
    "not_a_pdf": 415,
    "not_a_list": 415,
    "workbook_too_heavy": 413,
    "list_too_long": 413,
    "too_many_pages": 413,
    "slides_too_heavy": 413,
    "too_many_decks": 409,
    "slides_full": 507,
    "too_slow": 408,
    "rate_limited": 429,
    "too_many_attempts": 429,
    "too_many_uploads": 429,
    "held": 503,
    "busy": 503,
}
COME_BACK_MS = {"held": 2000, "busy": 10_000}
HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large"}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def problem(status: int, code: str, **data: Any) -> web.Response:
    """data: further members, for instance the field that was wrong. `title` is the code in words."""
    body = {"type": "about:blank", "title": code.replace("_", " "), "status": status, "code": code, **data}
    response = web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/problem+json", charset=None
    )
    response.headers["Cache-Control"] = "no-store"
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def retry_later(status: int, code: str, after_s: float) -> web.Response:
    response = problem(status, code, retry_after_ms=math.ceil(after_s * 1000))
    response.headers[hdrs.RETRY_AFTER] = whole_seconds(after_s)
    return response


def whole_seconds(after_s: float) -> str:
    return str(max(1, math.ceil(after_s)))


def come_back_s(refused: Refused) -> float | None:
    """When the same may be asked again; None where that would change nothing."""
    after_ms = refused.data.get("retry_after_ms", COME_BACK_MS.get(refused.code))
    return None if after_ms is None else after_ms / 1000


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Nothing a handler raises reaches a stranger as a traceback. What is logged is the pattern of the path alone."""
    session = request.match_info.get("session", "")
    trail.begin(plenary=session if IDENT.fullmatch(session) else None)
    resource = request.match_info.route.resource
    response = await answered(request, handler)
    log.debug("%s %s %d", request.method, resource.canonical if resource is not None else "?", response.status)
    return response


async def answered(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        status = STATUS.get(refused.code, 400)
        if (after_s := come_back_s(refused)) is not None:
            return retry_later(status, refused.code, after_s)
        return problem(status, refused.code, **refused.data)
    except ProtocolError as error:
        return problem(STATUS.get(error.code, 400), error.code, **error.data)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return problem(error.status, HTTP_CODES.get(error.status, "bad_input"))
    except Exception:
        incident = secrets.token_hex(4)
        log.exception("incident %s: %s %s", incident, request.method, request.match_info.route.resource)
        return problem(500, "internal", incident=incident)
