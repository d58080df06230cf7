"""expectations ◀ yishu ◀ portal ◀ orchestration; inside the core catalogue ◀ lake ◀ ingest ◀ gate; no circle anywhere.

An import against the arrow makes two parts one: the expectations could no longer be released alone, the lake would know
its tickets, a test of the core would start Django.
"""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.conventions.measured import PACKAGES, ROOT, area, arrows, imports, modules, parsed

LEAVES = {"yishu.settings", "yishu.masking", "yishu.redaction"}
# area -> areas it may import. A part of the core that is not named here may import nothing of ours.
ALLOWED = {
    "expectations": set(),
    "yishu.settings": set(),
    "yishu.masking": set(),
    "yishu.redaction": set(),
    "yishu.catalogue": {"expectations", *LEAVES},
    "yishu.lake": {"expectations", "yishu.catalogue", *LEAVES},
    "yishu.normalise": {"expectations", "yishu.catalogue"},
    "yishu.ingest": {"expectations", "yishu.catalogue", "yishu.lake", *LEAVES},
    "yishu.spatial": {"expectations", "yishu.catalogue", "yishu.lake", *LEAVES},
    "yishu.gate": {"expectations", "yishu.catalogue", "yishu.lake", "yishu.ingest", "yishu.spatial", *LEAVES},
    # Proposals are settled as violations of the records, by the gate's own words for where a record is today.
    "yishu.linkage": {"expectations", "yishu.catalogue", "yishu.lake", "yishu.gate", "yishu.normalise", *LEAVES},
    # A rebuild does what nights do, in their order; it decides nothing itself.
    "yishu.rebuild": {"yishu.catalogue", "yishu.lake", "yishu.gate", "yishu.spatial", *LEAVES},
    # The sample makes files as departments would: it knows their catalogue, never the machinery that reads them.
    "yishu.sample": {"expectations", "yishu.catalogue", *LEAVES},
    # The desk shows rows of the lake and delivers to its landing; the lake never reads the desk.
    # An upload is judged by the very rules of the gate that it will pass through.
    "portal": {"yishu.catalogue", "yishu.lake", "yishu.ingest", "yishu.gate", "yishu.linkage", *LEAVES},
    "orchestration": {
        "portal", "yishu.catalogue", "yishu.lake", "yishu.ingest", "yishu.gate", "yishu.linkage", "yishu.rebuild", "yishu.sample", "yishu.spatial",
        *LEAVES,
    },
}
# library -> where it may be imported, by the beginning of the module's name
HOMES = {
    "dagster": ("orchestration",),
    "dagster_dbt": ("orchestration",),
    "dbt": ("orchestration",),
    "django": ("portal",),
    "simple_history": ("portal",),
    "django_fsm": ("portal",),
    "great_expectations": ("expectations", "yishu.gate"),
    "pyproj": ("expectations.rules.coordinates",),
    "shapely": ("yishu.spatial", "yishu.sample"),
    "splink": ("yishu.linkage",),
}


def test_arrows_between_packages_point_one_way() -> None:
    wrong = [reason for (here, there), reason in arrows().items() if there not in ALLOWED.get(here, set())]
    assert not wrong, "these imports go against the arrows (move the code, or pass the value in):\n" + "\n".join(wrong)


def test_what_is_allowed_has_no_circle_itself() -> None:
    assert list(TopologicalSorter(ALLOWED).static_order())[0] in {"expectations", *LEAVES}


def test_modules_do_not_import_each_other_in_a_circle() -> None:
    graph = {name: {target for target in imports(name, at_load=True) if target in modules()} for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("modules import each other in a circle: " + " -> ".join(error.args[1]))


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_stays_in_its_home(library: str) -> None:
    users = [
        name
        for name in modules()
        if any(target == library or target.startswith(library + ".") for target in imports(name))
    ]
    strays = [name for name in users if not name.startswith(HOMES[library])]
    assert users, f"nothing imports {library} any more: take it out of HOMES and of pyproject.toml"
    assert not strays, f"{library} is imported outside {'、'.join(HOMES[library])}: {strays}"


def test_the_desk_is_reached_through_its_service_only() -> None:
    doors = {
        target
        for name in modules()
        if area(name) != "portal"
        for target in imports(name)
        if target.startswith("portal.desk")
    }
    assert doors <= {"portal.desk.service", "portal.desk.accounts", "portal.desk.entities"}


def test_great_expectations_names_that_are_private_stand_in_one_module() -> None:
    """They change without notice: one module to mend, not ten."""
    for name in modules():
        if name != "expectations.engine.seam":
            private = [target for target in imports(name) if target.startswith("great_expectations") and "._" in target]
            assert not private, f"{name}: {private}"


# The environment -------------------------------------------------------------------------------------------------------------

READER = "yishu.settings"
# Settings read it through pydantic. Others touch it for these reasons only; this list may only shrink.
TOUCHING = {
    "orchestration.environment": "sets variables for child processes and hands the environment on; reads none",
    "portal.setup": "puts TZ back as it was: django.setup() changes the time zone of the process",
}
READING_METHODS = {"get", "pop", "setdefault", "items", "keys", "values", "copy"}


def _touches_environment(name: str) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in ("environ", "environb", "getenv", "getenvb")
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        or isinstance(node, ast.ImportFrom)
        and node.module == "os"
        and any(alias.name.startswith(("environ", "getenv")) for alias in node.names)
        for node in ast.walk(parsed(modules()[name]))
    )


def test_only_settings_read_the_environment() -> None:
    touching = {name for name in modules() if _touches_environment(name)}
    assert touching - {READER} == set(TOUCHING), (
        "read a setting from yishu.settings instead; a name that is no longer needed leaves TOUCHING"
    )


def test_orchestration_writes_the_environment_and_reads_none_of_it() -> None:
    file = modules()["orchestration.environment"]
    for node in ast.walk(parsed(file)):
        read = (
            isinstance(node, ast.Subscript)
            and isinstance(node.ctx, ast.Load)
            and ast.unparse(node.value) == "os.environ"
            or isinstance(node, ast.Attribute)
            and node.attr in READING_METHODS
            and ast.unparse(node.value) == "os.environ"
            or isinstance(node, ast.Attribute)
            and node.attr == "getenv"
        )
        assert not read, f"{file}:{node.lineno} reads the environment"  # type: ignore[attr-defined]  # the three kinds have lines


def test_all_our_packages_were_measured() -> None:
    assert {name.split(".")[0] for name in modules()} == set(PACKAGES)
    assert all((ROOT / path).exists() for path in modules().values())
