"""docker-compose.yml: what the specification knows, nothing given away, and the parts take what it tells them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import redis
from check_jsonschema.cli import main as check_jsonschema
from click.testing import CliRunner

from server import config
from server.app import running
from server.config import Settings
from tests.deploy import compose
from tests.e2e.product import ROOT
from tests.fixtures.postgres import Cluster, cluster
from tests.fixtures.prerequisites import require

__all__ = ["cluster"]

SERVICES = compose.services()
NODES = [name for name in SERVICES if name.startswith("node-")]
OURS = {"/opt/pleno/health.py", "/opt/relay/relay.sh"}


def test_it_is_valid_by_the_compose_specification() -> None:
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", "vendor.compose-spec", str(compose.FILE)])
    assert done.exit_code == 0, done.output


def test_what_must_be_given_is_asked_for_by_name() -> None:
    for name in compose.example():
        some = {key: value for key, value in compose.example().items() if key != name}
        with pytest.raises(KeyError, match=name):
            compose.read(some)


def test_the_topology_is_two_nodes_front_relay_database_and_bus() -> None:
    assert sorted(SERVICES) == ["bus", "database", "front", "node-a", "node-b", "relay"]


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_is_watched_restarted_and_bounded(name: str) -> None:
    service = SERVICES[name]
    assert service["healthcheck"]["test"]
    assert service["restart"] == "unless-stopped"
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service and "pid" not in service and "/var/run/docker.sock" not in str(service)


@pytest.mark.parametrize("name", SERVICES)
def test_images_are_pinned(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:\d+\.\d+\.?\d*[a-z0-9.-]*", SERVICES[name]["image"])
    if "build" in SERVICES[name]:
        assert SERVICES[name]["pull_policy"] == "build"


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_an_environment_or_a_command(name: str) -> None:
    for variable, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"PASSWORD|SECRET|TOKEN|_DATABASE", variable):
            assert variable.endswith("_FILE") and value.startswith("/run/secrets/"), variable
        assert not re.search(r"://[^/]*:[^/]*@", str(value)), variable
    assert "pass" not in str(SERVICES[name].get("command", ""))


@pytest.mark.parametrize("name", SERVICES)
def test_each_secret_that_is_read_is_mounted_and_declared(name: str) -> None:
    wanted = {
        Path(value).name for value in SERVICES[name].get("environment", {}).values() if "/run/secrets/" in str(value)
    }
    assert wanted == set(SERVICES[name].get("secrets", []))
    assert wanted <= compose.read()["secrets"].keys()


def test_nothing_is_published_and_what_needs_no_network_has_none() -> None:
    assert not any("ports" in service for service in SERVICES.values())
    assert {name: service["network_mode"] for name, service in SERVICES.items()} == {
        "node-a": "host",
        "node-b": "host",
        "front": "host",
        "relay": "host",
        "database": "none",
        "bus": "none",
    }


def test_nobody_may_do_more_than_the_ports_below_1024_need() -> None:
    asked = {name: set(service.get("cap_add", [])) for name, service in SERVICES.items()}
    assert asked.pop("front") == {"NET_BIND_SERVICE"}
    assert asked.pop("relay") == {"NET_BIND_SERVICE", "SETUID", "SETGID", "CHOWN", "KILL"}
    assert not any(asked.values())
    for name in (*NODES, "database", "bus"):
        assert SERVICES[name]["user"] not in ("0", "0:0", "root")


def test_data_is_kept_in_declared_volumes() -> None:
    declared = compose.read()["volumes"].keys()
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith(".")} == set(declared)
    assert all((ROOT / path).exists() for path in used if path.startswith("."))
    assert all(any(v.startswith(f"{name}:/data") for v in SERVICES[name]["volumes"]) for name in NODES)


def settings(node: str, folder: Path) -> Settings:
    """As `pleno serve` reads them in that container."""
    environ = {name: str(value) for name, value in SERVICES[node]["environment"].items()}
    for secret in SERVICES[node]["secrets"]:
        (folder / secret).write_text(
            "postgresql://pleno:x@/pleno?host=/run/postgresql" if secret == "database" else "s" * 64
        )
    return config.read({}, {name: value.replace("/run/secrets", str(folder)) for name, value in environ.items()})


def test_the_nodes_take_their_settings_and_differ_where_they_must(tmp_path: Path) -> None:
    a, b = (settings(node, tmp_path) for node in NODES)
    for node in (a, b):
        assert (node.host, node.media_host, node.announce) == ("127.0.0.1", "192.0.2.10", ("192.0.2.10",))
        assert node.turn == ("turn:relay.kota.example:3478?transport=udp", "turns:relay.kota.example:443?transport=tcp")
        assert node.turn_secret and node.seal_key and node.redis and node.internal.endswith(f":{node.port}")
        stop_s = int(SERVICES[NODES[0]]["stop_grace_period"].removesuffix("s"))
        assert stop_s >= node.drain_s + 15  # or the container is killed while it still moves people
    assert {a.port, b.port} == {8081, 8082}
    assert len({a.node, b.node, a.internal, b.internal}) == 4
    known = {f"PLENO_{name.upper()}" for name in config.PARSERS}
    told = {name.removesuffix("_FILE") for name in SERVICES["node-a"]["environment"]}
    assert told <= known


async def test_a_node_works_on_a_database_without_a_network(cluster: Cluster, tmp_path: Path) -> None:
    url = f"postgresql://postgres@/postgres?host={cluster.folder}&port={cluster.port}"
    async with running(Settings(port=0, data=tmp_path / "data", database=url, core="python")) as server:
        assert server.services.store.database.write.dialect.name == "postgresql"


def test_the_bus_listens_on_its_socket_alone_and_keeps_nothing(tmp_path: Path) -> None:
    name, *options = (word.replace("/data", str(tmp_path)) for word in SERVICES["bus"]["command"])
    try:
        process = subprocess.Popen([name, *options], cwd=tmp_path, stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        require("Redis", "apt-get install redis-server")
    try:
        with redis.from_url(f"unix://{tmp_path}/redis.sock", decode_responses=True) as bus:
            deadline = time.monotonic() + 20
            while not answers(bus):
                assert time.monotonic() < deadline and process.poll() is None
                time.sleep(0.05)
            wanted = {"port": "0", "save": "", "appendonly": "no", "maxmemory": str(128 * 1024 * 1024)}
            assert {key: bus.config_get(key)[key] for key in wanted} == wanted
            bus.set("anything", "1")
    finally:
        process.terminate()
        process.wait(20)
    assert list(tmp_path.glob("*.rdb")) == []


def answers(bus: redis.Redis) -> bool:
    try:
        return bool(bus.ping())
    except redis.ConnectionError:
        return False


def test_secrets_are_made_once_fit_each_other_and_are_private(tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    script = tmp_path / "deploy" / "secrets.sh"
    script.write_bytes((ROOT / "deploy" / "secrets.sh").read_bytes())
    made: list[dict[str, str]] = []
    for _ in range(2):
        subprocess.run(["sh", script], check=False, capture_output=True)  # without root it says what it could not do
        made.append({path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()})
    assert made[0] == made[1]
    assert made[0].keys() == compose.read()["secrets"].keys()
    assert made[0]["database"] == f"postgresql://pleno:{made[0]['database_password']}@/pleno?host=/run/postgresql"
    assert min(map(len, made[0].values())) >= 64
    assert {path.stat().st_mode & 0o337 for path in (tmp_path / "secrets").iterdir()} == {0}


# -- the images


def instructions(stage: str | None = None) -> list[tuple[str, str, str]]:
    """(stage, instruction, arguments), continuation lines joined."""
    text = re.sub(r"\\\n", " ", (ROOT / "deploy" / "Dockerfile").read_text())
    found, name = [], ""
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if not word or word.startswith("#"):
            continue
        if word == "FROM":
            name = rest.rpartition(" AS ")[2]
        found.append((name, word, rest))
    return [one for one in found if stage in (None, one[0])]


def context() -> list[Path]:
    """What .dockerignore lets into a build, at the top."""
    lines = (ROOT / ".dockerignore").read_text().splitlines()
    assert lines[1] == "*"
    return [ROOT / line[1:] for line in lines if line.startswith("!")]


def test_all_that_is_copied_exists_and_is_let_into_the_build() -> None:
    copied = [
        ROOT / path
        for _, word, rest in instructions()
        if word == "COPY" and not rest.startswith("--from")
        for path in rest.split()[:-1]
    ]
    assert copied
    for path in copied:
        assert path.exists(), path
        assert any(path.is_relative_to(allowed) for allowed in context()), path


def test_nothing_private_is_let_into_the_build() -> None:
    for name in ("secrets", ".env", "data", ".git", "artifacts", ".venv"):
        assert ROOT / name not in context()
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"/secrets/", "/.env"} <= set(ignored)


def test_bases_are_pinned_and_packages_come_by_the_locks() -> None:
    for _, word, rest in instructions():
        if word == "FROM":
            assert re.match(r"[a-z]+:[a-z0-9.-]*\d{2,}[a-z0-9.-]* AS [a-z]+$", rest), rest
        assert word != "ADD"
        for install in re.findall(r"pip install[^&]*", rest):
            assert "--require-hashes" in install or "--no-index" in install
        for install in re.findall(r"apt-get install[^&]*", rest):
            assert "--no-install-recommends" in install
            assert "rm -rf /var/lib/apt/lists" in rest


def test_a_node_runs_without_root_as_the_composition_says() -> None:
    (user,) = (rest for _, word, rest in instructions("node") if word == "USER")
    assert {SERVICES[node]["user"] for node in NODES} == {user}
    assert json.loads(instructions("node")[-1][2]) == ["pleno", "serve"]
    built = {service["build"]["target"] for service in SERVICES.values() if "build" in service}
    assert built <= {stage for stage, _, _ in instructions()}


@pytest.mark.parametrize("status", [200, 503])
def test_a_node_is_well_when_it_says_that_it_is_ready(status: int) -> None:
    asked: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *words: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Answer) as node:
        Thread(target=node.handle_request, daemon=True).start()
        check = [sys.executable, ROOT / "deploy" / "health.py"]
        done = subprocess.run(check, env={"PLENO_PORT": str(node.server_port)}, capture_output=True, check=False)
    assert (done.returncode == 0, asked) == (status == 200, ["/readyz"])
