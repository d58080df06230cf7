"""Documents tell the truth about the code: the diagram of packages, the commands, the links."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from tests.conventions.measured import ROOT, arrows, tree

READMES = ("README.md", "README.zh-CN.md")
GUIDES = (*READMES, "CONTRIBUTING.md")
EVERYWHERE = "yishu.settings"  # left out of the diagram, as it says: every part may read it
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:\.venv/bin/)?yishu [^`]+|make [^`]+)`")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> Iterator[list[str]]:
    """The commands of a document, in words: lines of its shell blocks, without comments, and commands within sentences."""
    for kind, block in FENCE.findall(text(name)):
        for line in block.splitlines() if kind in ("sh", "console") else []:
            shown = kind == "sh" or line.startswith("$ ")
            if shown and (words := shlex.split(line.removeprefix("$ "), comments=True)):
                yield words
    for inline in INLINE.findall(FENCE.sub("", text(name))):
        yield shlex.split(inline)


def ours(name: str) -> Iterator[list[str]]:
    """The commands of the `yishu` command line, without the program's own name."""
    return (words[1:] for words in commands(name) if words[0] in ("yishu", ".venv/bin/yishu"))


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", text("Makefile"), re.MULTILINE))


def test_the_diagram_shows_the_arrows_that_the_code_has() -> None:
    (drawn,) = (block for kind, block in FENCE.findall(text("docs/architecture.md")) if kind == "mermaid")
    shown = set(re.findall(r"^  (\S+) --> (\S+)$", drawn, re.MULTILINE))
    measured = {(here, there) for here, there in arrows() if EVERYWHERE not in (here, there)}
    right = "\n".join(f"  {here} --> {there}" for here, there in sorted(measured))
    assert shown == measured, f"put these lines under `graph LR` in docs/architecture.md:\n{right}"


def test_both_readmes_name_the_same_commands() -> None:
    assert [list(commands(name)) for name in READMES][0] == list(commands(READMES[1])), (
        "mend README.md and README.zh-CN.md together"
    )


def test_both_readmes_show_the_same_pictures_and_link_to_the_same_places() -> None:
    links = [{link for link in LINK.findall(text(name)) if link not in READMES} for name in READMES]
    assert links[0] == links[1]


def test_the_first_screen_names_the_two_commands() -> None:
    for name in READMES:
        screen = "\n".join(text(name).splitlines()[:20])
        assert "make run" in screen and "make test" in screen


@pytest.mark.parametrize("name", GUIDES)
def test_every_make_target_that_is_named_exists(name: str) -> None:
    named = {word for words in commands(name) if words[0] == "make" for word in words[1:] if "=" not in word}
    assert named and named <= make_targets(), f"not in the Makefile: {named - make_targets()}"


@pytest.mark.parametrize("name", GUIDES)
def test_every_command_that_is_named_exists_with_its_options(name: str) -> None:
    from orchestration.cli import main

    named = list(ours(name))
    assert named
    for words in named:
        _parse(main, list(words))


def _parse(command: click.Command, words: list[str]) -> None:
    """Read the words as the command line would, down to the subcommand, without running it."""
    if words[-1:] == ["--help"]:
        words = words[:-1]
    while isinstance(command, click.Group) and words:
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"there is no command {' '.join(words)}"
        command, words = found, words[1:]
    if not isinstance(command, click.Group):
        command.make_context("yishu", words, resilient_parsing=False)


@pytest.mark.parametrize("document", sorted(path.as_posix() for path in tree() if path.suffix == ".md"))
def test_every_relative_link_leads_somewhere(document: str) -> None:
    folder = (ROOT / document).parent
    lost = [
        link
        for link in LINK.findall(FENCE.sub("", text(document)))
        if ":" not in link and not (folder / link.partition("#")[0]).exists()
    ]
    assert not lost


def test_the_example_of_the_guide_is_a_good_catalogue_entry(tmp_path: Path) -> None:
    """The entry that CONTRIBUTING.md shows, put where it says, loads without a fault."""
    import shutil

    from yishu.catalogue import load_catalogue

    place, entry = re.findall(
        r"^`(catalogue/\S+\.yaml)`:\n\n```yaml\n(.*?)^```", text("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL
    )[0]
    folder = Path(shutil.copytree(ROOT / "catalogue", tmp_path / "catalogue"))
    (tmp_path / place).write_text(entry, encoding="utf-8")
    resource = load_catalogue(folder, "pingdingshan").resources["civil_affairs.disability_subsidy"]
    assert resource.delivery.encoding == "gb18030" and [item.type for item in resource.items] == [
        "citizen_id",
        "text",
        "code",
        "date",
        "decimal",
    ]


def test_the_example_rule_of_the_guide_is_a_good_rule(tmp_path: Path) -> None:
    from expectations.suite import load_rules

    (rules,) = (
        block for kind, block in FENCE.findall(text("CONTRIBUTING.md")) if kind == "yaml" and block.startswith("rules:")
    )
    (tmp_path / "suite.yaml").write_text(rules, encoding="utf-8")
    assert [rule.rule for rule in load_rules(tmp_path / "suite.yaml")] == ["monthly_amount_yuan.range"]
