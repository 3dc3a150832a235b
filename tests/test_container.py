"""What can be held of the container's files where no container can be run: they say what the program understands."""

import json
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml
from fastapi.testclient import TestClient

from assistant import Settings
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from tests.docs.commands import parsed

HOUSE = Path(__file__).parents[1]
PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))
COMPOSE: dict[str, Any] = yaml.safe_load((HOUSE / "compose.yaml").read_text("utf-8"))
SERVICE: dict[str, Any] = COMPOSE["services"]["articles"]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions with what follows them, continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (HOUSE / "Dockerfile").read_text("utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def last(instruction: str) -> str:
    return [rest for word, rest in instructions() if word == instruction][-1]


def variables() -> dict[str, str]:
    return dict(re.findall(r"(\w+)=(\S+)", last("ENV")))


def test_the_image_runs_as_a_user_that_is_not_root_over_a_folder_of_its_own() -> None:
    (created,) = [rest for word, rest in instructions() if word == "RUN" and "useradd" in rest]
    assert last("USER") == "10001"
    assert "--uid 10001" in created
    assert "install --directory --owner=assistant /data" in created
    assert last("VOLUME") == "/data"
    assert Path(variables()["ASSISTANT_LIBRARY"]).is_relative_to("/data")


def test_the_image_takes_the_tested_versions_and_the_cpu_build() -> None:
    (installed,) = [rest for word, rest in instructions() if "pip install" in rest]
    assert "--constraint constraints.txt" in installed
    assert "https://download.pytorch.org/whl/cpu" in installed
    assert "https://download.pytorch.org/whl/cpu" in (HOUSE / "docs" / "install.md").read_text("utf-8")


def test_the_build_is_given_what_the_wheel_is_made_of_and_nothing_private() -> None:
    lines = (HOUSE / ".dockerignore").read_text("utf-8").splitlines()
    given = {line.removeprefix("!") for line in lines if line.startswith("!")}
    rooms = {room.removesuffix("*") for room in PROJECT["tool"]["setuptools"]["packages"]["find"]["include"]}
    assert lines[1] == "*"
    assert given == {*rooms, "pyproject.toml", "constraints.txt", "README.md", "LICENSE"}
    assert [name for name in given if not (HOUSE / name).exists()] == []


def test_the_images_commands_are_those_of_the_program() -> None:
    (program,) = json.loads(last("ENTRYPOINT"))
    assert program in PROJECT["project"]["scripts"]
    assert parsed(json.loads(last("CMD"))).endswith("serve")
    assert parsed(SERVICE["command"]).endswith("serve")


def test_the_health_check_asks_a_route_that_needs_no_key(tmp_path: Path) -> None:
    (url,) = re.findall(r"urlopen\('([^']+)'", last("HEALTHCHECK"))
    settings = Settings(library=tmp_path / "library", host="0.0.0.0", api_keys=key_entry("laptop", create_key()))
    app = create_app(settings)
    assert url == f"http://127.0.0.1:{last('EXPOSE')}{urlsplit(url).path}"
    assert TestClient(app).get(urlsplit(url).path).status_code == 200  # not entered: no model is loaded for it


def test_every_variable_is_a_setting_and_the_server_has_keys() -> None:
    given = {**variables(), **SERVICE["environment"]}
    ours = {name.removeprefix("ASSISTANT_").lower() for name in given if name.startswith("ASSISTANT_")}
    assert ours <= Settings.model_fields.keys()
    assert given["ASSISTANT_API_KEYS_FILE"] == f"/run/secrets/{SERVICE['secrets'][0]}"
    assert SERVICE["secrets"] == list(COMPOSE["secrets"])


def test_compose_publishes_on_this_machine_alone_and_keeps_the_library() -> None:
    assert SERVICE["ports"] == [f"127.0.0.1:{last('EXPOSE')}:{last('EXPOSE')}"]
    assert f"{next(iter(COMPOSE['volumes']))}:{last('VOLUME')}" in SERVICE["volumes"]
    assert SERVICE["read_only"]
    assert SERVICE["cap_drop"] == ["ALL"]


def test_the_page_about_the_container_names_the_service_and_mounts_what_it_uses() -> None:
    page = (HOUSE / "docs" / "containers.md").read_text("utf-8")
    commands = re.findall(r"docker compose (?:run|exec) .*?\b(\w+) (?:assistant )?(?:key|add)\b", page)
    assert set(commands) == set(COMPOSE["services"])
    assert any(fnmatch(volume, "./articles:/articles:ro") for volume in SERVICE["volumes"])
