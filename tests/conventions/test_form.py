"""How files are written: each says what belongs in it, stays small, and is named for what it is."""

import ast
import re

import pytest

from tests.conventions.measured import ROOT, modules, parsed, python_files, tree

FILE_LINES, FUNCTION_LINES = 300, 40
EMPTY_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers", "misc"}
# Written by `manage.py makemigrations`, not by us.
GENERATED = re.compile(r"portal/.*/migrations/")
# Functions that were longer when this test was written: file and name -> lines, and why it was left. The list may only
# shrink; a function in it may not grow.
LONG_FUNCTIONS = {
    ("yishu/sample/changes.py", "_be_born"): (43, "one expression a column of the newborn person"),
}
# Files that may skip, and why.
SKIPPING = {
    "tests/browser/test_from_login_to_the_ticket_closing.py": "needs Chromium, which .ci/run installs and a desktop may not have",
    "tests/unit/yishu/law/test_quotes.py": "compares quotes with the regulations' texts, which are not ours to ship"
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_every_module_opens_by_saying_what_belongs_in_it() -> None:
    silent = [
        str(path)
        for path in python_files()
        if not GENERATED.match(path.as_posix()) and not ast.get_docstring(parsed(path))
    ]
    assert not silent, f"first lines of a module: what belongs here, and what does not. Missing in {silent}"


def test_files_stay_under_300_lines() -> None:
    kinds = {".py", ".sql", ".yaml", ".yml", ".html", ".sh"}
    ours = (path for path in tree() if path.suffix in kinds and not GENERATED.match(path.as_posix()))
    long = {str(path): n for path in ours if (n := _lines(path)) >= FILE_LINES}
    assert not long, f"a file that outgrows {FILE_LINES} lines is two ideas: {long}"


def test_functions_stay_under_40_lines() -> None:
    long = {
        place: n for place, n in _long_functions().items() if n > LONG_FUNCTIONS.get(place, (FUNCTION_LINES - 1, ""))[0]
    }
    assert not long, f"a function that outgrows {FUNCTION_LINES} lines has more than one level in it: {long}"


def test_the_list_of_long_functions_only_shrinks() -> None:
    short = set(LONG_FUNCTIONS) - set(_long_functions())
    assert not short, f"now short: take them out of LONG_FUNCTIONS: {short}"
    assert len(LONG_FUNCTIONS) <= 4


@pytest.mark.parametrize("word", sorted(EMPTY_WORDS))
def test_nothing_is_named_by_an_empty_word(word: str) -> None:
    """A name that fits everything says nothing, and everything ends up behind it."""
    files = [str(path) for path in tree() if any(word in _words(part) for part in path.with_suffix("").parts)]
    definitions = [
        f"{path}:{node.lineno} {node.name}"
        for path in python_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and word in _words(node.name)
    ]
    assert not files + definitions


def test_names_of_tests_are_sentences() -> None:
    short = [
        f"{path}: {node.name}"
        for path in python_files()
        if path.name.startswith("test_")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and len(node.name.split("_")) < 4
    ]
    assert not short, f"say in the name what holds: {short}"


def test_no_test_is_skipped() -> None:
    """A skipped test is a promise nobody keeps."""
    marks = ("pytest.mark." + "skip", "pytest." + "skip(", "pytest.mark." + "xfail", "import" + "orskip")
    tests = {
        path.as_posix(): (ROOT / path).read_text(encoding="utf-8")
        for path in python_files()
        if path.parts[0] == "tests"
    }
    skipping = {name for name, text in tests.items() if any(mark in text for mark in marks)}
    assert skipping <= set(SKIPPING)


def _lines(path: object) -> int:
    return len((ROOT / str(path)).read_text(encoding="utf-8").splitlines())


def _long_functions() -> dict[tuple[str, str], int]:
    return {
        (path.as_posix(), node.name): length
        for path in modules().values()  # a test may be as long as the story it tells
        for node in ast.walk(parsed(path))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (length := _length(node)) >= FUNCTION_LINES
    }


def _length(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _words(name: str) -> set[str]:
    """`CustomManager` and `row_utils` taken apart."""
    return {word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)}
