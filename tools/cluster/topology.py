"""PostgreSQL, Redis, a relay, two nodes and a front before them, each in a folder of its own below one."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from tools.cluster.parts import Part, PartFailed, Supervisor, program

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
POSTGRES = Path("/usr/lib/postgresql")
OWNER = "postgres"
NAME = "pleno"
SECRETS = ("postgres_password", "redis_password", "turn_secret", "seal_key")
PORTS = ("front", "postgresql", "redis", "relay", "relay_tls", "http", "certificate", "health")
NODES_MOST = 6
PORTS_USED = len(PORTS) + NODES_MOST
PATIENCE_S = 2.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What to build. base_port: of PORTS_USED ports from there on, TCP and UDP.

    listen: what front, relay and media workers listen on. name: what browsers call the front, relay_name: the relay.
    Without a front people go to the nodes themselves, over plain HTTP, and the relay is without TLS. fsync: off only
    where nobody but a test loses data. options: more of `pleno serve`, for each node.
    """

    folder: Path
    base_port: int = 18000
    nodes: int = 2
    listen: str = "127.0.0.1"
    name: str = "localhost"
    relay_name: str = "relay.localhost"
    announce: str = ""
    front: bool = True
    relay: bool = True
    demo: bool = False
    fsync: bool = True
    restart: bool = True
    options: Sequence[str] = ()
    env: dict[str, str] = field(default_factory=dict)

    def port(self, what: str) -> int:
        """What: one of PORTS."""
        return self.base_port + PORTS.index(what)

    def node_port(self, number: int) -> int:
        """number: from 1. TCP for HTTP, the same number of UDP for media."""
        return self.base_port + len(PORTS) + number - 1


class Cluster:
    """All of it. Starting twice continues with the data that is there."""

    def __init__(self, plan: Plan, told: Callable[[str], None] = lambda line: None) -> None:
        self.plan = plan
        self.folder = plan.folder.resolve()
        self._keep = Supervisor(plan.restart, told)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._keep.close()

    # -- where things are

    @property
    def nodes(self) -> list[str]:
        return [f"node-{number}" for number in range(1, self.plan.nodes + 1)]

    @property
    def url(self) -> str:
        """Where people come in, without a slash at the end."""
        if not self.plan.front:
            return self.node_url(self.nodes[0])
        return f"https://{self.plan.name}:{self.plan.port('front')}"

    def node_url(self, node: str) -> str:
        return f"http://127.0.0.1:{self.node_port(node)}"

    def node_port(self, node: str) -> int:
        return self.plan.node_port(self.nodes.index(node) + 1)

    @property
    def database(self) -> str:
        return f"postgresql://{NAME}:{self.secret('postgres_password')}@127.0.0.1:{self.plan.port('postgresql')}/{NAME}"

    @property
    def redis(self) -> str:
        return f"redis://:{self.secret('redis_password')}@127.0.0.1:{self.plan.port('redis')}/0"

    @property
    def passes(self) -> Path:
        """The cards of the demonstration plenary."""
        return self.folder / "node-1" / "passes.json"

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text()

    # -- from nothing to ready

    def start(self, before_nodes: Callable[[], None] = lambda: None) -> None:
        """Everything, in order; before_nodes runs when the database is there. Raises PartFailed."""
        self.prepare()
        self._keep.start("postgresql", "redis")
        self._create_database()
        before_nodes()
        self._keep.start(*self._keep.parts)

    def prepare(self) -> None:
        """Folders, secrets, settings; nothing runs yet. Raises PartFailed for what is not installed."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)  # the database's user goes through it
        private = self.folder / "secrets"
        private.mkdir(mode=0o700, exist_ok=True)
        for name in SECRETS:
            if not (private / name).exists():
                write_private(private / name, secrets.token_urlsafe(32))
        write_private(private / "database", self.database)
        write_private(private / "redis", self.redis)
        self._keep.add(self._postgresql())
        self._keep.add(self._redis())
        if self.plan.relay:
            self._keep.add(self._relay())
        for node in self.nodes:
            self._keep.add(self._node(node))
        if self.plan.front:
            self._keep.add(self._front())

    def _postgresql(self) -> Part:
        installed = sorted(POSTGRES.glob("*/bin"), key=lambda path: float(path.parts[-2]), reverse=True)
        owner = database_owner()
        home, data = self.folder / "postgresql", self.folder / "postgresql" / "data"
        initdb = program("initdb", "postgresql", *installed)
        if not data.exists():
            home.mkdir(exist_ok=True)
            password = home / "password"
            write_private(password, self.secret("postgres_password"))
            if owner is not None:
                shutil.chown(home, owner)
                shutil.chown(password, owner)
            asked = ["-D", str(data), "-U", NAME, "-E", "UTF8", "-A", "scram-sha-256", f"--pwfile={password}"]
            run([*as_user(owner), initdb, *asked, *([] if self.plan.fsync else ["--no-sync"])], home)
            password.unlink()
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": self.plan.port("postgresql"),
            "unix_socket_directories": "",
            "fsync": "on" if self.plan.fsync else "off",
            "timezone": "UTC",
        }
        at = ["-h", "127.0.0.1", "-p", str(self.plan.port("postgresql"))]
        is_ready = [program("pg_isready", "postgresql", *installed), "-q", *at]
        return Part(
            "postgresql",
            [
                program("postgres", "postgresql", *installed),
                *("-D", str(data)),
                *(word for name, value in settings.items() for word in ("-c", f"{name}={value}")),
            ],
            lambda: subprocess.run(is_ready, check=False).returncode == 0,
            self.log("postgresql"),
            env={"LC_ALL": "C"},
            user=owner,
            folder=home,
            stop_signal=signal.SIGINT,  # "fast": does not wait for the nodes' connections
        )

    def _create_database(self) -> None:
        bin_ = sorted(POSTGRES.glob("*/bin"), key=lambda path: float(path.parts[-2]), reverse=True)
        at = ["-h", "127.0.0.1", "-p", str(self.plan.port("postgresql")), "-U", NAME]
        env = {**os.environ, "PGPASSWORD": self.secret("postgres_password")}
        psql = [program("psql", "postgresql-client", *bin_), *at, "-d", "postgres", "-tAqc"]
        asked = [*psql, f"select 1 from pg_database where datname = '{NAME}'"]
        if subprocess.run(asked, env=env, capture_output=True, text=True, check=True).stdout.strip() != "1":
            subprocess.run([*psql, f"create database {NAME}"], env=env, check=True)

    def _redis(self) -> Part:
        home = self.folder / "redis"
        home.mkdir(exist_ok=True)
        password = self.secret("redis_password")
        lines = [
            f"port {self.plan.port('redis')}",
            "bind 127.0.0.1",
            f"dir {home}",
            'save ""',
            "appendonly no",
            f"requirepass {password}",
        ]
        write_private(home / "redis.conf", "\n".join(lines) + "\n")

        def ready() -> bool:
            return answered(self.plan.port("redis"), f"AUTH {password}\r\nPING\r\n".encode(), b"+PONG")

        command = [program("redis-server", "redis-server"), str(home / "redis.conf")]
        return Part("redis", command, ready, self.log("redis"))

    def _relay(self) -> Part:
        """deploy/relay.sh as it is; on loopback coturn needs one line more."""
        home = self.folder / "relay"
        home.mkdir(exist_ok=True)
        program("turnserver", "coturn")
        shutil.copy(DEPLOY / "relay.sh", home)
        address, loopback = self.announced.split(",")[0], self.announced.startswith("127.")
        settings = (DEPLOY / "turnserver.conf").read_text() + ("allow-loopback-peers\n" if loopback else "")
        (home / "turnserver.conf").write_text(settings)
        env = {
            "PLENO_TURN_ADDRESS": address,
            "PLENO_TURN_DOMAIN": self.plan.relay_name,
            "PLENO_ANNOUNCE": self.announced,
            "PLENO_TURN_SECRET_FILE": str(self.folder / "secrets" / "turn_secret"),
            "PLENO_TURN_PORT": str(self.plan.port("relay")),
            "PLENO_TURN_TLS_PORT": str(self.plan.port("relay_tls")),
            "CERTIFICATES": str(self.folder / "front"),
            "RUN": str(home / "run"),
            "LOOK_S": "2",
        }
        command = ["sh", str(home / "relay.sh")]
        port = self.plan.port("relay")
        return Part("relay", command, lambda: answered(port, b"", b"", address), self.log("relay"), env=env)

    @property
    def announced(self) -> str:
        """Where browsers and the relay reach the media workers."""
        return self.plan.announce or "127.0.0.1"

    def _node(self, node: str) -> Part:
        port = self.node_port(node)
        command = [
            *(sys.executable, "-m", "server", "serve"),
            *("--host", "127.0.0.1" if self.plan.front else self.plan.listen, "--port", str(port)),
            *("--media-host", self.plan.listen),
            *("--data", str(self.folder / node), "--node", node),
            *("--internal", self.node_url(node), "--proxies", "127.0.0.1"),
            *("--announce", self.announced),
            *(("--turn", self.relays) if self.plan.relay else ()),
            *(("--demo",) if self.plan.demo and node == self.nodes[0] else ()),
            *self.plan.options,
        ]
        env = {
            "PLENO_DATABASE_FILE": str(self.folder / "secrets" / "database"),
            "PLENO_REDIS_FILE": str(self.folder / "secrets" / "redis"),
            "PLENO_TURN_SECRET_FILE": str(self.folder / "secrets" / "turn_secret"),
            "PLENO_SEAL_KEY_FILE": str(self.folder / "secrets" / "seal_key"),
            **self.plan.env,
        }
        url = f"{self.node_url(node)}/readyz"
        return Part(node, command, lambda: is_well(url), self.log(node), env=env, folder=ROOT)

    @property
    def relays(self) -> str:
        """As browsers are told."""
        name, port = self.plan.relay_name, self.plan.port("relay")
        found = [f"turn:{name}:{port}?transport=udp", f"turn:{name}:{port}?transport=tcp"]
        if self.plan.front:
            found.append(f"turns:{name}:{self.plan.port('relay_tls')}?transport=tcp")
        return ",".join(found)

    def _front(self) -> Part:
        """deploy/Caddyfile as it is, with certificates of the front's own making."""
        home = self.folder / "front"
        home.mkdir(exist_ok=True)
        env = {
            "XDG_DATA_HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "PLENO_DOMAIN": self.plan.name,
            "PLENO_ADDRESS": self.plan.listen,
            "PLENO_TURN_DOMAIN": self.plan.relay_name,
            "PLENO_TURN_ADDRESS": self.plan.listen,
            "PLENO_EMAIL": f"nobody@{self.plan.name}",
            "PLENO_ISSUER": "internal",
            "PLENO_NODES": " ".join(f"127.0.0.1:{self.node_port(node)}" for node in self.nodes),
            "PLENO_HTTP_PORT": str(self.plan.port("http")),
            "PLENO_HTTPS_PORT": str(self.plan.port("front")),
            "PLENO_CERTIFICATE_PORT": str(self.plan.port("certificate")),
            "PLENO_FRONT_PORT": str(self.plan.port("health")),
        }
        command = [program("caddy", "caddy"), "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"]
        return Part("front", command, lambda: is_well(f"{self.url}/readyz"), self.log("front"), env=env)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    # -- trouble

    def kill(self, name: str, *, hold: bool = False) -> None:
        """SIGKILL; started again unless held."""
        self._keep.kill(name, hold=hold)

    def stop(self, name: str) -> None:
        self._keep.stop(name)

    def start_part(self, name: str, within_s: float = 120.0) -> None:
        """Start it, or wait until the one that is being started again is ready. Raises PartFailed."""
        self._keep.start(name, within_s=within_s, at_once=False)

    def freeze(self, name: str) -> None:
        self._keep.signal(name, signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        self._keep.signal(name, signal.SIGCONT)

    def pid(self, name: str) -> int | None:
        return self._keep.parts[name].pid

    def said(self, name: str) -> str:
        """The end of its log."""
        return self._keep.parts[name].said()


def database_owner() -> str | None:
    """PostgreSQL refuses to run as root, so root becomes the user that the package made. Raises PartFailed."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(OWNER)
    except KeyError:
        raise PartFailed(f"there is no user {OWNER} to run the database as: apt-get install postgresql") from None
    return OWNER


def as_user(name: str | None) -> list[str]:
    return [] if name is None else ["setpriv", "--reuid", name, "--regid", name, "--init-groups"]


def run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, env={**os.environ, "LC_ALL": "C"}, capture_output=True, check=False)
    if done.returncode != 0:
        raise PartFailed(f"{command[-1]} failed: {done.stderr.decode(errors='replace')}")


def write_private(path: Path, text: str) -> None:
    """Readable by its owner alone from the first byte."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)


def answered(port: int, said: bytes, expected: bytes, address: str = "127.0.0.1") -> bool:
    """Whether something on this port of an address of the machine takes a connection and answers with that."""
    with suppress(OSError), socket.create_connection((address, port), PATIENCE_S) as connection:
        connection.settimeout(PATIENCE_S)
        connection.sendall(said)
        heard = b""
        while expected not in heard:
            if not (more := connection.recv(4096)):
                return False
            heard += more
        return True
    return False


def is_well(url: str) -> bool:
    """Whether it answers 200, whatever certificate it shows."""
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    with suppress(OSError, urllib.error.URLError):
        with urllib.request.urlopen(url, timeout=PATIENCE_S, context=trusting) as answer:
            return bool(answer.status == 200)
    return False


def free_base(count: int = PORTS_USED) -> int:
    """The first of so many neighbouring ports that nothing holds now, below those the kernel gives to clients."""
    while True:
        base = 20000 + secrets.randbelow((32000 - 20000) // count) * count
        if all(is_free(port) for port in range(base, base + count)):
            return base


def is_free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True
