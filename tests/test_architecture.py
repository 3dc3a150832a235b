"""The house rules that a machine can hold."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[1]
# What a room may import; a door knows the assistant, the assistant knows no door.
MAY_IMPORT = {
    "embeddings": set(),
    "prompts": set(),
    "assistant": {"embeddings", "prompts"},
    "evals": {"assistant", "embeddings"},
    "benchmarks": {"assistant", "embeddings"},
    "training": {"assistant", "embeddings", "evals"},
}
DOORS = ("assistant.api", "assistant.cli", "assistant.mcp")
FACE = "assistant"  # it hands out doors to whoever asks for one
# The command line loads the evals when `assistant eval` is called.
EXCEPTIONS = {("assistant.cli.commands", "evals")}


@cache
def modules() -> dict[str, Path]:
    paths = chain.from_iterable((HOUSE / room).rglob("*.py") for room in MAY_IMPORT)
    return {name(path): path for path in sorted(paths)}


def name(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(module: str) -> frozenset[str]:
    """The project's own modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(modules()[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & modules().keys() or {node.module}
    return frozenset(found & modules().keys())


def room(module: str) -> str:
    return module.partition(".")[0]


def is_door(module: str) -> bool:
    return module.startswith(DOORS) or module == "assistant.__main__"


def test_imports_between_rooms_run_one_way() -> None:
    wrong = [
        (module, imported)
        for module in modules()
        for imported in imports(module)
        if room(imported) not in {room(module), *MAY_IMPORT[room(module)]}
        and (module, room(imported)) not in EXCEPTIONS
    ]
    assert not wrong


def test_the_assistant_knows_no_door() -> None:
    inner = [module for module in modules() if room(module) == "assistant" and module != FACE and not is_door(module)]
    wrong = [(module, imported) for module in inner for imported in imports(module) if is_door(imported)]
    assert not wrong


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: imports(module) - {module} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


@pytest.mark.parametrize("statement", ["import assistant", "from assistant import Assistant", "import embeddings"])
def test_importing_the_project_loads_no_model_and_no_index(statement: str) -> None:
    heavy = ["torch", "faiss", "tantivy", "sentence_transformers", "transformers", "trafilatura"]
    heavy += ["fastapi", "starlette", "mcp", "langchain_core"]
    script = f"import sys; {statement}; print([name for name in {heavy} if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=HOUSE)
    assert printed.stdout.strip() == "[]"


@pytest.mark.parametrize("module", modules())
def test_no_module_is_longer_than_400_lines(module: str) -> None:
    assert len(modules()[module].read_text(encoding="utf-8").splitlines()) <= 400


def test_every_room_is_a_typed_package() -> None:
    packaged = [room for room in MAY_IMPORT if room != "benchmarks"]
    assert [room for room in packaged if not (HOUSE / room / "py.typed").is_file()] == []
