"""Variant and traditional characters -> standard ones, from the code list `variant_character` (standard -> its variants).

Belongs here: the list as a mapping and as the macro that dbt reads. Not here: what is done with it (dbt_project/macros/characters.sql,
yishu/normalise/texts.py).
"""

from yishu.catalogue.models import Catalogue

_LIST = "variant_character"


def variant_characters(catalogue: Catalogue) -> dict[str, str]:
    """Variant -> standard character; empty where the catalogue has no such list."""
    entries = catalogue.codes[_LIST].entries if _LIST in catalogue.codes else {}
    return {variant: standard for standard, variants in entries.items() for variant in variants}


def variants_macro(catalogue: Catalogue) -> str:
    """The two sides as texts of the same length, for translate()."""
    listed = variant_characters(catalogue) or {"萬": "万"}  # a pattern of no character is none
    variants, standards = "".join(listed), "".join(listed.values())
    return (
        "{# Generated from catalogue/codes/variant_character.csv. #}\n"
        f"{{% macro variant_characters() %}}{{{{ return({{'variants': '{variants}', 'standards': '{standards}'}}) }}}}{{% endmacro %}}\n"
    )
