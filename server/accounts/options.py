"""What `pleno accounts` can be told."""

from __future__ import annotations

import argparse


def add_accounts(accounts: argparse.ArgumentParser) -> None:
    actions = accounts.add_subparsers(dest="action", required=True)
    add = actions.add_parser("add", help="a new account; its password is read from the prompt or standard input")
    add.add_argument("login")
    add.add_argument("--name", required=True, help="the person's name; it stays out of the journals")
    add.add_argument("--admin", action="store_true", help="admin of the whole installation")
    add.add_argument("--totp", action="store_true", help="has to use codes from a telephone (an admin always does)")
    add.add_argument("--must-change", action="store_true", help="the password is one for the first day")
    actions.add_parser("list", help="every account with what it may do")
    scope = actions.add_parser("scope", help="what an account may be")
    scope.add_argument("login")
    scope.add_argument("role", choices=["admin", "moderator", "agency"])
    scope.add_argument("--session", help="session id; without it the whole installation (role admin)")
    scope.add_argument("--agency", metavar="NAME", default="", help="role agency: the one it answers for")
    scope.add_argument("--take", action="store_true", help="take it away, and end what was entered by it")
    password = actions.add_parser("password", help="a new password; ends every login of the account")
    password.add_argument("login")
    password.add_argument("--must-change", action="store_true", help="the password is one for the first day")
    telephone = actions.add_parser("totp", help="enrol a telephone here and now, or --remove the one that was lost")
    telephone.add_argument("login")
    telephone.add_argument("--remove", action="store_true")
    for name, told in (("disable", "end an account at once, everywhere"), ("enable", "let it log in again")):
        actions.add_parser(name, help=told).add_argument("login")
    sessions = actions.add_parser("sessions", help="where an account is logged in")
    sessions.add_argument("login")
    sessions.add_argument("--end", action="store_true", help="end them all")
    audit = actions.add_parser("audit", help="who did what, the newest last")
    audit.add_argument("--session", help="of one session")
    audit.add_argument("--last", type=int, default=100, metavar="N")
