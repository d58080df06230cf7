"""What the source tree is like, measured by reading it (never by importing it): files, modules, imports, areas.

Belongs here: measuring. Not here: what is allowed (the tests beside this file say that).
"""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("expectations", "yishu", "portal", "orchestration")


@cache
def tree() -> tuple[Path, ...]:
    """Every file of the project that git tracks or would track, relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return tuple(sorted(path for path in map(Path, filter(None, listed.split("\0"))) if (ROOT / path).is_file()))


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(path for path in tree() if path.suffix == ".py")


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def modules() -> dict[str, Path]:
    """Dotted name -> file, of our four packages."""
    ours = (path for path in python_files() if path.parts[0] in PACKAGES)
    return {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in ours}


def imports(module: str, *, at_load: bool = False) -> set[str]:
    """What the module imports, ours by module and others by dotted name; `at_load`: only what loading it imports."""
    found: set[str] = set()
    for node in _nodes(parsed(modules()[module]), into_functions=not at_load):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}：请写全名导入，不用相对导入"
            assert node.module is not None
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in modules() else node.module)
    return found


def _nodes(node: ast.AST, into_functions: bool) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)) and not into_functions:
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test) and not into_functions:
            continue
        yield child
        yield from _nodes(child, into_functions)


def area(module: str) -> str | None:
    """The package a module belongs to; for the core, its part (`yishu.lake`). None for modules of others."""
    parts = module.split(".")
    if parts[0] not in PACKAGES:
        return None
    return ".".join(parts[:2]) if parts[0] == "yishu" else parts[0]


@cache
def arrows() -> dict[tuple[str, str], str]:
    """(area, area it imports) -> one import that makes it so. Imports inside functions count."""
    found: dict[tuple[str, str], str] = {}
    for module in modules():
        for target in sorted(imports(module)):
            here, there = area(module), area(target)
            if here and there and here != there:
                found.setdefault((here, there), f"{module} imports {target}")
    return found
