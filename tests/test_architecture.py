"""What the folders promise: imports run one way, names stand once, modules are short, importing is cheap."""

import ast
import subprocess
import sys
from collections import defaultdict
from functools import cache
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path
from statistics import median

import pytest

HOUSE = Path(__file__).parents[1]
# What a package may import, beside itself.
MAY_IMPORT = {
    "embeddings": set(),
    "prompts": set(),
    "assistant": {"embeddings", "prompts"},
    "evals": {"assistant", "embeddings"},
    "benchmarks": {"assistant", "embeddings", "evals", "tests"},
    "training": {"assistant", "embeddings", "evals"},
}
# The road of a question. A folder may import those before it, and the face. Answering stands behind grounding because
# each sentence that a language model writes is checked while it is written.
ROADS = {
    "assistant": ("web", "sources", "sync", "conversation", "reading", "grounding", "answering", "doors"),
    "embeddings": ("text", "storage", "retrieval"),
}
HEAVY = ["torch", "faiss", "sentence_transformers", "transformers", "trafilatura", "fastapi", "starlette", "mcp"]
# The command line loads the evals when `assistant eval` is called.
EXCEPTIONS = {("assistant.doors.cli.commands", "evals")}


@cache
def modules() -> dict[str, Path]:
    paths = chain.from_iterable((HOUSE / package).rglob("*.py") for package in MAY_IMPORT)
    return {name(path): path for path in sorted(paths) if "/." not in path.relative_to(HOUSE).as_posix()}


def name(path: Path) -> str:
    return ".".join(path.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"))


@cache
def imports(module: str) -> frozenset[str]:
    """The project's own modules that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= inner & modules().keys() or {node.module}
    return frozenset(found & modules().keys())


def package(module: str) -> str:
    return module.partition(".")[0]


def room(module: str) -> str | None:
    """The folder below its package that a module is in; None for the face."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROADS.get(parts[0], ()) else None


def test_imports_between_packages_run_one_way() -> None:
    wrong = [
        (module, imported)
        for module in modules()
        for imported in imports(module)
        if package(imported) not in {package(module), *MAY_IMPORT[package(module)]}
        and (module, package(imported)) not in EXCEPTIONS
    ]
    assert not wrong


def test_imports_between_folders_follow_the_road() -> None:
    wrong = []
    for module in modules():
        for imported in imports(module):
            here, there = room(module), room(imported)
            if package(module) == package(imported) and here and there:
                road = ROADS[package(module)]
                if road.index(there) > road.index(here):
                    wrong.append((module, imported))
    assert not wrong


def test_only_a_door_knows_a_door() -> None:
    wrong = [
        (module, imported)
        for module in modules()
        for imported in imports(module)
        if package(module) == "assistant" and room(module) != "doors" and room(imported) == "doors"
    ]
    assert {module for module, _ in wrong} == {"assistant", "assistant.__main__"}, wrong  # they hand doors out


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {module: imports(module) - {module} for module in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def test_no_two_public_classes_share_a_name() -> None:
    where = defaultdict(list)
    for module in modules():
        for node in tree(module).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                where[node.name].append(module)
    assert {name: found for name, found in where.items() if len(found) > 1} == {}


def loaded(statement: str, heavy: list[str]) -> list[str]:
    """Those modules of ``heavy`` that a statement loads in a process of its own."""
    script = f"import sys; {statement}; print(*[name for name in {heavy} if name in sys.modules])"
    printed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=HOUSE)
    return printed.stdout.split()


@pytest.mark.parametrize(
    "statement",
    [
        "from assistant import Assistant; import embeddings",
        "import assistant.grounding.gate, assistant.conversation.rewriter",
    ],
)
def test_importing_loads_no_model_and_no_index(statement: str) -> None:
    assert loaded(statement, HEAVY) == []


def test_modules_are_short() -> None:
    lengths = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in modules().items()}
    assert {module: lines for module, lines in lengths.items() if lines > 400} == {}
    assert median(lengths.values()) <= 120


def test_the_face_of_the_assistant_has_at_most_twelve_modules() -> None:
    assert (
        len(
            [
                module
                for module in modules()
                if module.count(".") <= 1 and package(module) == "assistant" and not room(module)
            ]
        )
        <= 12
    )


def test_every_package_is_typed() -> None:
    packaged = [package for package in MAY_IMPORT if package != "benchmarks"]
    assert [package for package in packaged if not (HOUSE / package / "py.typed").is_file()] == []
