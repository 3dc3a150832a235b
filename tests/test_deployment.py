"""What can be held of the files for several servers where none is started: they say what the program understands."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from assistant import Settings
from assistant.doors.http import create_app
from tests.docs.commands import parsed

HOUSE = Path(__file__).parents[1]
DEPLOY = HOUSE / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
SERVERS = {name: service for name, service in SERVICES.items() if "build" in service}
CADDY = (DEPLOY / "compose" / "Caddyfile").read_text("utf-8")
KUSTOMIZATION: dict[str, Any] = yaml.safe_load((DEPLOY / "kustomize" / "kustomization.yaml").read_text("utf-8"))
OBJECTS: dict[str, Any] = {
    one["kind"]: one
    for name in KUSTOMIZATION["resources"]
    for one in yaml.safe_load_all((DEPLOY / "kustomize" / name).read_text("utf-8"))
}
POD: dict[str, Any] = OBJECTS["StatefulSet"]["spec"]["template"]["spec"]
CONTAINER: dict[str, Any] = POD["containers"][0]
(CONFIG_MAP,) = KUSTOMIZATION["configMapGenerator"]
CONFIG = dict(literal.split("=", 1) for literal in CONFIG_MAP["literals"])
DOCKERFILE = (HOUSE / "Dockerfile").read_text("utf-8")
(PORT,) = re.findall(r"EXPOSE (\d+)", DOCKERFILE)


@pytest.fixture(scope="module")
def routes(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The paths of the server."""
    return set(create_app(Settings(library=tmp_path_factory.mktemp("library"))).openapi()["paths"])


def settings_of(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Settings:
    """The settings that a server reads from its environment, all of which it knows."""
    assert {name.removeprefix("ASSISTANT_").lower() for name in environment} <= Settings.model_fields.keys()
    for name, value in environment.items():
        monkeypatch.setenv(name, re.sub(r"\$\{(\w+)[^}]*\}", r"\1", value))
    return Settings()


def test_each_server_of_compose_reads_settings_that_name_the_other_services(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(SERVERS) == 2
    for service in SERVERS.values():
        settings = settings_of(monkeypatch, service["environment"])
        assert parsed(service["command"]).endswith("serve")
        assert {urlsplit(settings.library_database or "").hostname, urlsplit(settings.milvus_uri or "").hostname} <= {
            *service["depends_on"]
        }
        assert str(settings.api_keys_file) == f"/run/secrets/{service['secrets'][0]}"
        assert service["secrets"] == list(COMPOSE["secrets"])


def test_the_database_url_is_one_that_postgres_understands(monkeypatch: pytest.MonkeyPatch) -> None:
    conninfo = pytest.importorskip("psycopg.conninfo", reason="the extra `postgres` is not installed")
    url = settings_of(monkeypatch, SERVERS["one"]["environment"]).library_database
    read = conninfo.conninfo_to_dict(url)
    assert (read["host"], read["user"], read["tcp_user_timeout"]) == ("postgres", "articles", "25000")


def test_each_server_has_a_folder_of_its_own_and_the_proxy_alone_can_be_reached() -> None:
    assert len({json.dumps(service["volumes"]) for service in SERVERS.values()}) == len(SERVERS)
    for service in SERVERS.values():
        assert service["volumes"][0].endswith(f":{re.findall(r'VOLUME (.+)', DOCKERFILE)[0]}")
    assert [name for name, service in SERVICES.items() if "ports" in service] == ["proxy"]
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert {name for name in used if not name.startswith("./")} == set(COMPOSE["volumes"])
    for name, service in SERVICES.items():
        assert name in SERVERS or name == "proxy" or service["networks"] == ["back"]


def test_the_proxy_passes_requests_of_the_size_that_the_server_takes_to_both(routes: set[str]) -> None:
    (upstreams,) = re.findall(r"reverse_proxy (.+) \{", CADDY)
    assert upstreams.split() == [f"{name}:{PORT}" for name in SERVERS]
    assert set(re.findall(r"health_uri (\S+)", CADDY)) == {"/health/live"} <= routes
    (size,) = re.findall(r"max_size (\d+)MB", CADDY)
    assert int(size) * 1_000_000 == 3 * Settings.model_fields["max_article_bytes"].default


def test_the_image_takes_the_extras_of_both_backends() -> None:
    extras = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for service in SERVERS.values():
        assert service["build"]["args"].keys() <= set(re.findall(r"ARG (\w+)=", DOCKERFILE))
        assert set(service["build"]["args"]["EXTRAS"].split(",")) == {"postgres", "milvus"} <= extras.keys()


def test_the_pods_variables_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert CONTAINER["envFrom"] == [{"configMapRef": {"name": CONFIG_MAP["name"]}}]
    secret = {one["name"]: "postgresql://example.org/articles" for one in CONTAINER["env"]}
    settings = settings_of(monkeypatch, CONFIG | secret)
    assert settings.milvus is not None
    assert settings.library_database is not None
    assert parsed(CONTAINER["args"]).endswith("serve")


def test_the_pods_probes_ask_routes_of_the_server(routes: set[str]) -> None:
    assert CONTAINER["ports"] == [{"name": "http", "containerPort": int(PORT)}]
    for probe in ("startupProbe", "livenessProbe"):
        assert CONTAINER[probe]["httpGet"] == {"path": "/health/live", "port": "http"}
    program = CONTAINER["readinessProbe"]["exec"]["command"][-1]
    compile(program, "readiness", "exec")
    (url,) = re.findall(r'"(http://[^"]+)"', program)
    assert urlsplit(url).port == int(PORT)
    assert {urlsplit(url).path, "/health/live"} <= routes


def test_what_the_pods_read_is_mounted_where_they_look_for_it() -> None:
    mounts = {mount["name"]: mount["mountPath"] for mount in CONTAINER["volumeMounts"]}
    (claim,) = OBJECTS["StatefulSet"]["spec"]["volumeClaimTemplates"]
    assert mounts.keys() == {claim["metadata"]["name"], *(volume["name"] for volume in POD["volumes"])}
    files = {item["path"] for volume in POD["volumes"] for item in volume.get("secret", {}).get("items", [])}
    read = {CONFIG["ASSISTANT_API_KEYS_FILE"], *re.findall(r'Path\("([^"]+)"\)', str(CONTAINER["readinessProbe"]))}
    assert read == {f"{mounts['keys']}/{file}" for file in files}
    assert f"--uid {POD['securityContext']['runAsUser']} " in DOCKERFILE


def test_the_page_about_operating_makes_what_the_files_ask_for() -> None:
    page = (HOUSE / "docs" / "operating.md").read_text("utf-8")
    asked = set(re.findall(r"\$\{(\w+):\?", (DEPLOY / "compose" / "compose.yaml").read_text("utf-8")))
    assert set(re.findall(r"^(?:echo )?(\w+)=", page, re.MULTILINE)) == asked
    keys = {item["key"] for volume in POD["volumes"] for item in volume.get("secret", {}).get("items", [])}
    keys |= {one["valueFrom"]["secretKeyRef"]["key"] for one in CONTAINER["env"]}
    assert set(re.findall(r"--from-(?:file|literal)=([\w-]+)", page)) == keys
