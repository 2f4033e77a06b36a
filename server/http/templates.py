"""GET /api/templates: rules, agendas and scoring criteria to begin from, and what each rule can be set to."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import Any

from aiohttp import web

from server.http.client import File, respond
from sessions.presets.agenda import TEMPLATES, Template
from sessions.presets.criteria import PRESETS as CRITERIA
from sessions.presets.criteria import CriteriaPreset
from sessions.presets.rules import PRESETS
from sessions.rules import preset_rules, rules_described
from sessions.settings import plain


def named(title: tuple[str, str]) -> dict[str, str]:
    return {"id": title[0], "en": title[1]}


def preset(id_: str) -> dict[str, Any]:
    found = PRESETS[id_]
    return {"id": id_, "title": named(found.title), "source": found.source, "rules": plain(preset_rules(id_))}


def agenda(id_: str, template: Template) -> dict[str, Any]:
    """minutes: with one turn of what comes once a hall."""
    return {
        "id": id_,
        "title": named(template.title),
        "source": template.source,
        "level": template.level,
        "form": template.form,
        "timed": template.timed,
        "minutes": sum(item.minutes for item in template.items),
        "items": [item._asdict() for item in template.items],
    }


def criteria(id_: str, found: CriteriaPreset) -> dict[str, Any]:
    title = named((found.criteria.name, found.criteria.name_en))
    return {"id": id_, "title": title, "source": found.source, "criteria": plain(found.criteria)}


def catalogue() -> dict[str, Any]:
    return {
        "rules": {"presets": [preset(id_) for id_ in PRESETS], "sections": rules_described()},
        "agendas": [agenda(id_, template) for id_, template in TEMPLATES.items()],
        "criteria": [criteria(id_, found) for id_, found in CRITERIA.items()],
    }


def add_routes(app: web.Application) -> None:
    """The catalogue only changes with the program, so it is rendered once."""
    body = json.dumps(catalogue(), ensure_ascii=False, separators=(",", ":")).encode()
    etag = hashlib.sha256(body).hexdigest()[:24]
    bodies = {"": body, "gzip": gzip.compress(body, mtime=0)}
    file = File("application/json; charset=utf-8", etag, "public, no-cache", bodies)

    async def templates(request: web.Request) -> web.Response:
        return respond(request, file)

    app.router.add_get("/api/templates", templates)
