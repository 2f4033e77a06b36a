"""The command line: pleno serve | passes | accounts | people | record | simulate."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from typing import Any

import uvloop

from server import config, logs, operations
from server.accounts.options import add_accounts
from server.errors import StartupError
from sessions.errors import ProtocolError, Refused

STARTUP_FAILED = 2
FAILED = 1
COMMANDS = ("serve", "passes", "accounts", "people", "record", "verify", "simulate", *operations.NAMES)
OPTIONS = {
    "host": "address to listen on (127.0.0.1; 0.0.0.0 for everybody)",
    "port": "TCP port (8080; 0 = any free one)",
    "data": "data folder (./data)",
    "database": "postgresql://user:password@host/name instead of SQLite in the data folder",
    "tls": "self-signed, or CERT.pem,KEY.pem",
    "media-port": "UDP port for video (the same number as --port)",
    "media-host": "address to listen on for video (the same as --host)",
    "announce": "addresses halls reach this machine by, comma separated",
    "origins": "other origins pages may come from, comma separated",
    "proxies": "networks of TLS fronts whose X-Forwarded-For is believed",
    "core": "packet loop: auto, native or python",
    "max-clients": "connections beyond are refused (6000)",
    "slides-mb": "what the slides of a session may take in the database, in MB (2048)",
    "map-tiles": "where maps get their pictures: https://address/{z}/{x}/{y}.png, a space, and whom to thank",
    "redis": "redis://host:6379/0: wakes other nodes at once (without it they look twice a second)",
    "node": "name of this node among others (one made at start)",
    "internal": "http://address:port other nodes reach this one by",
    "turn": "relays for browsers, comma separated: turn:host:3478?transport=udp,turns:host:443?transport=tcp",
    "metrics": "networks that may read /metrics (this machine)",
    "retention-days": "days after which personal data of an ended session is erased (0 = never by itself)",
    "drain-s": "seconds people get to move when the server is stopped (10)",
    "log": "debug, info, warning or error",
    "log-format": "text or json",
    "offline-page": "1 or 0: phones keep the participant's page and open it without a network (1)",
}
FLAGS = {
    "demo": "build the demonstration plenary (Bekasi, 12 halls)",
    "live": "with --demo: also start synthetic halls and delegates",
}


def add_settings(parser: argparse.ArgumentParser, names: Sequence[str]) -> None:
    for name in names:
        parser.add_argument(f"--{name}", help=OPTIONS[name], metavar=name.upper())


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="pleno", description="Musrenbang hibrida: aula lewat video, satu papan usulan, pemungutan suara."
    )
    commands = top.add_subparsers(dest="command", required=True)
    serve = commands.add_parser("serve", help="run the server")
    add_settings(serve, list(OPTIONS))
    for name, told in FLAGS.items():
        serve.add_argument(f"--{name}", help=told, action="store_const", const="1")
    add_passes(commands.add_parser("passes", help="list, issue, release or revoke passes (QR cards)"))
    accounts = commands.add_parser("accounts", help="staff accounts and the audit trail")
    add_settings(accounts, ["data", "database"])
    add_accounts(accounts)
    add_people(commands.add_parser("people", help="enter or erase who sits on which seat"))
    record = commands.add_parser("record", help="write the record (Berita Acara) of a session to a file")
    add_settings(record, ["data", "database"])
    record.add_argument("session", help="session id")
    record.add_argument("--form", choices=["archive", "public"], default="archive")
    record.add_argument("--out", metavar="FILE", required=True, help="its ending says which: .pdf, .html or .json")
    verify = commands.add_parser("verify", help="check the transcript of a ballot, offline")
    verify.add_argument("transcript", metavar="TRANSCRIPT.json")
    verify.add_argument("--key", help="the public key of the installation, if you know it (base64url)")
    operations.add(commands, add_settings)
    commands.add_parser("simulate", help="synthetic halls and delegates against a running server", add_help=False)
    return top


def add_passes(passes: argparse.ArgumentParser) -> None:
    add_settings(passes, ["data", "database"])
    passes.add_argument("--session", help="session id (bekasi-2018 of the demonstration)", default="bekasi-2018")
    actions = passes.add_subparsers(dest="action", required=True)
    actions.add_parser("list", help="every pass, without its token, and whether a device has claimed it")
    issue = actions.add_parser("issue", help="a new pass; prints its link, and its PIN if it has one, once")
    issue.add_argument("role", choices=["moderator", "hall", "delegate", "screen", "public", "agency", "admin"])
    issue.add_argument("--hall")
    issue.add_argument("--seat")
    issue.add_argument("--agency", metavar="NAME", help="role agency: the one it answers for (any without it)")
    issue.add_argument("--days", type=int, default=30)
    printed = actions.add_parser("print", help="new cards as PDF, a file a hall; each with its QR code and hidden PIN")
    printed.add_argument("--out", metavar="FOLDER", required=True, help="a folder that is not there yet")
    printed.add_argument("--base", metavar="URL", required=True, help="by which the links begin: https://name")
    printed.add_argument(
        "--role", action="append", choices=["delegate", "hall", "moderator", "admin", "screen", "public"]
    )
    printed.add_argument("--hall", action="append", default=[], help="cards of this hall alone; again for more")
    printed.add_argument("--days", type=int, default=30)
    printed.add_argument("--again", action="store_true", help="also for whoever has a good card, which then ends")
    release = actions.add_parser("release", help="let a pass move to another device within ten minutes")
    release.add_argument("pass_id", metavar="PASS")
    revoke = actions.add_parser("revoke", help="end a pass at once")
    revoke.add_argument("pass_id", metavar="PASS")


def add_people(people: argparse.ArgumentParser) -> None:
    add_settings(people, ["data", "database"])
    people.add_argument("--session", help="session id (bekasi-2018 of the demonstration)", default="bekasi-2018")
    actions = people.add_subparsers(dest="action", required=True)
    entered = actions.add_parser("import", help="enter or replace the people of a file")
    entered.add_argument("file", metavar="FILE", help='JSON: {"people": [{"seat": …, "name": …, …}]}')
    erased = actions.add_parser("erase", help="forget who sits on one seat, or everybody of the session")
    whom = erased.add_mutually_exclusive_group(required=True)
    whom.add_argument("--seat")
    whom.add_argument("--all", action="store_true", help="everybody; there is no way back")


def main(argv: Sequence[str] | None = None) -> int:
    """Exit codes: 0 stopped as asked, 1 failed, 2 could not start (the reason and what to do are on standard error)."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if not arguments or (arguments[0].startswith("--") and arguments[0] != "--help"):
        arguments.insert(0, "serve")
    if arguments[0] == "simulate":
        from server.simulate.main import main as simulate  # loads media libraries that a server does not need

        return simulate(arguments[1:])
    try:
        return run(parser().parse_args(arguments))
    except StartupError as error:
        print(f"pleno: {error}", file=sys.stderr)
        return STARTUP_FAILED


def run(options: argparse.Namespace) -> int:
    if options.command == "verify":
        from server import verify

        return verify.run(options.transcript, options.key)
    given: dict[str, Any] = {key: value for key, value in vars(options).items() if key in config.PARSERS}
    settings = config.read(given)
    logs.configure(settings.log, settings.log_format, settings.node)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(serve(settings) if options.command == "serve" else at_a_desk(settings, options))


async def at_a_desk(settings: config.Settings, options: argparse.Namespace) -> int:
    """What is done and then over. Exit code: 0, or 1 where the rules say no. Raises StartupError."""
    try:
        return await desk(settings, options)
    except (Refused, ProtocolError) as refused:
        print(f"ditolak / refused: {refused.code} {json.dumps(refused.data)}", file=sys.stderr)
        return FAILED


async def desk(settings: config.Settings, options: argparse.Namespace) -> int:
    """Raises StartupError, and Refused or ProtocolError where the rules say no."""
    match options.command:
        case "passes":
            from server import pass_desk

            return await pass_desk.run(settings, options)
        case "accounts":
            from server import account_desk

            return await account_desk.run(settings, options)
        case "people":
            from server import people_desk

            return await people_desk.run(settings, options)
        case "record":
            from server import record_desk

            return await record_desk.run(settings, options)
        case _:
            return await operations.run(settings, options)


async def serve(settings: config.Settings) -> int:
    """Until SIGTERM or SIGINT; at a second one people are not given time to move."""
    from server import app
    from server.demo.live import live
    from server.leaving import leave
    from signaling.quiet import unhandled

    stop, hurry = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(unhandled)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, lambda: (hurry if stop.is_set() else stop).set())
    async with app.running(settings) as server:
        print(server.greeting, flush=True)
        app.settle()
        async with live(server):
            await stop.wait()
            await leave(server, hurry)
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)  # a third one ends it the hard way
    return 0
