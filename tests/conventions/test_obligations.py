"""Code, rules and profiles cite obligations by id (A01 … I07, P01 … P36): an id that does not exist cites nothing.

The ranges are those of the analysis of the five regulations; an id is stable, so a new one is added at the end of its letter.
"""

import re

from tests.conventions.measured import ROOT, tree

LAST = {"A": 11, "B": 19, "C": 13, "D": 4, "E": 12, "F": 21, "G": 11, "H": 12, "I": 7, "P": 36}
CITED = re.compile(r"(?<![\w*/.\-])([A-IP])(\d{2})(?![\w*/.])")
# Industry codes of GB/T 4754 look the same (F51 批发业): these files hold data of other standards.
OTHER_STANDARDS = ("catalogue/codes/", "yishu/sample/vocabulary.py", "tests/")


def cited() -> dict[str, set[str]]:
    """Id -> files that cite it."""
    found: dict[str, set[str]] = {}
    for path in tree():
        name = path.as_posix()
        if path.suffix in {".py", ".yaml", ".yml", ".sql", ".md", ".html"} and not name.startswith(OTHER_STANDARDS):
            for letter, number in CITED.findall((ROOT / path).read_text(encoding="utf-8")):
                found.setdefault(letter + number, set()).add(name)
    return found


def test_every_cited_obligation_exists() -> None:
    unknown = {id_: sorted(files) for id_, files in cited().items() if not 1 <= int(id_[1:]) <= LAST[id_[0]]}
    assert not unknown


def test_the_obligations_that_the_platform_rests_on_are_cited() -> None:
    """Guards the pattern above: if it found nothing, nothing would be wrong."""
    assert set(cited()) >= {
        "A01",
        "A06",
        "B05",
        "C02",
        "C08",
        "D03",
        "D04",
        "E03",
        "E07",
        "E11",
        "H11",
        "P01",
        "P11",
        "P20",
        "P36",
    }
