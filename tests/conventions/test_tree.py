"""What may not stand in the tree: addresses of package registries, paths of one machine; and the lock file's promise."""

import re
import tomllib
from functools import cache

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conventions.measured import ROOT, tree

TEXT = {
    ".py",
    ".md",
    ".toml",
    ".lock",
    ".yaml",
    ".yml",
    ".sql",
    ".csv",
    ".html",
    ".css",
    ".js",
    ".json",
    ".txt",
    ".sh",
    ".cfg",
    "",
}
# Hosts that may be named: this machine, names that can never resolve, the home of the licence, and the dialect of JSON Schema, which is a
# name and is never asked. A new one is a decision.
HOSTS = {"127.0.0.1", "localhost", "www.apache.org", "json-schema.org"}
NEVER_RESOLVES = (".invalid", ".example")
ADDRESS = re.compile(r"\b(?:https?|ftp|git|ssh)://([^\s/\"'<>)\]}（，。]+)")
INDEX = re.compile(r"(?<!no-emit-)(?:extra-)?index-url|find-links|trusted-host|\[\[tool\.uv\.index")
MACHINE_PATH = re.compile(r"(?<![\w.}/~*-])/(?:home|root|Users|work|workspace|mnt|srv|opt)/\w")


@cache
def _texts() -> dict[str, str]:
    return {path.as_posix(): (ROOT / path).read_text(encoding="utf-8") for path in tree() if path.suffix in TEXT}


def test_no_address_outside_this_machine_is_named() -> None:
    """Nothing is fetched at run time, and a registry's address in the tree breaks every installation behind another one."""
    named = {
        f"{file}: {host}"
        for file, text in _texts().items()
        for host in ADDRESS.findall(text)
        if "{" not in host and (bare := host.partition(":")[0]) not in HOSTS and not bare.endswith(NEVER_RESOLVES)
    }
    assert not named


def test_no_package_index_is_chosen_in_the_tree() -> None:
    """Which index to use is the machine's choice (pip's own configuration), not the project's."""
    here = "tests/conventions/test_tree.py"  # holds the patterns
    assert not [file for file, text in _texts().items() if file != here and INDEX.search(text)]


def test_no_path_of_one_machine_is_named() -> None:
    places = [f"{file}: {match[0]}" for file, text in _texts().items() for match in MACHINE_PATH.finditer(text)]
    assert not places


def test_every_dependency_is_locked_at_a_version_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [Requirement(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]]
    locked = _locked()
    missing = [str(need) for need in wanted if canonicalize_name(need.name) not in locked]
    refused = [
        str(need)
        for need in wanted
        if need.name not in missing
        and not need.specifier.contains(locked.get(canonicalize_name(need.name), ""), prereleases=True)
    ]
    mend = "renew the lock as its first lines say, and commit it with pyproject.toml"
    assert not missing + refused, (
        f"not in requirements.lock, or at a version that pyproject.toml refuses ({mend}): {missing + refused}"
    )


def test_every_line_of_the_lock_is_one_exact_version() -> None:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    loose = [
        line
        for line in lines
        if line
        and not line.lstrip().startswith("#")
        and not re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.+!-]+( ; .+)?", line)
    ]
    assert not loose


def _locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    pairs = (re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", line) for line in lines)
    return {canonicalize_name(pair[1]): pair[2] for pair in pairs if pair}
