"""The data dictionary in docs/ is what the catalogue and the dbt documentation say today."""

from yishu.catalogue import load_catalogue
from yishu.catalogue.dictionary import dictionary
from yishu.catalogue.law import load_profile
from yishu.settings import ROOT, settings

COMMITTED = ROOT / "docs" / "data-dictionary"
NAMES = load_profile("pingdingshan", ROOT / "catalogue").sharing_class_names


def test_the_committed_data_dictionary_is_a_fresh_one():
    fresh = dictionary(load_catalogue(), settings.dbt, NAMES)
    committed = {file.name: file.read_text("utf-8") for file in COMMITTED.glob("*.md")}
    stale = sorted(name for name in fresh.keys() | committed.keys() if fresh.get(name) != committed.get(name))
    assert not stale, f"run `make docs` and commit: {stale}"


def test_every_item_and_every_built_column_is_documented_in_both_languages():
    catalogue = load_catalogue()
    pages = dictionary(catalogue, settings.dbt, NAMES)
    for resource in catalogue.resources.values():
        assert all(f"| `{item.name}` | `{item.column}` | {item.title} |" in pages[f"{resource.department}.md"] for item in resource.items)
    for name, entity in catalogue.authority.items():
        assert f"## {entity.schema_}.{name}" in pages[f"{entity.schema_}.md"]
    built = [line for page, text in pages.items() if page.startswith(("base_", "theme_")) for line in text.splitlines() if line.startswith("| `")]
    assert len(built) > 200
    assert all(all(cell.strip() for cell in line.split(" | ")[1:4]) for line in built)


def test_sharing_classes_are_called_what_the_regulation_calls_them():
    names = load_profile("lishui", ROOT / "catalogue").sharing_class_names
    pages = dictionary(load_catalogue(), settings.dbt, names)
    assert "受限共享" in pages["civil_affairs.md"] and "有条件共享" not in pages["civil_affairs.md"]
