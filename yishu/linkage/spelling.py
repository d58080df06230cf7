"""How names, addresses, telephones and damaged identifiers are written for comparing: two offices write one thing in two ways.

Expressions over text; null for null and for what says nothing (a placeholder). Names and addresses come in their normal form (yishu/normalise)
and lose what may be left out. Not here: which features use them.
"""

import polars as pl


def name(text: pl.Expr) -> pl.Expr:
    """A name in its normal form without brackets and the dot between its parts, which one office writes and another does not."""
    return _said(text.str.replace_all("[·.()]", ""))


def address(text: pl.Expr) -> pl.Expr:
    """An address in its normal form without punctuation."""
    return _said(text.str.replace_all("[,;#·-]", ""))


def street(text: pl.Expr) -> pl.Expr:
    """An address up to its first number: the street, quarter or village; null where no number follows."""
    return address(text).str.extract(r"^(\D{4,}?)\d")


def gaps(text: pl.Expr, longest: int) -> pl.Expr:
    """The text with each character in turn left open, as a list: two texts share one if they differ by that character alone.

    Null below two characters and above `longest`.
    """
    opened = [pl.when(text.str.len_chars() > at).then(pl.concat_str(text.str.head(at), pl.lit("*"), text.str.slice(at + 1))) for at in range(longest)]
    return pl.when(text.str.len_chars().is_between(2, longest)).then(pl.concat_list(opened).list.drop_nulls())


def phone(text: pl.Expr) -> pl.Expr:
    """Digits alone, the country's code left off; null below seven, and where one digit fills the number."""
    digits = text.str.normalize("NFKC").str.replace_all(r"\D", "").str.replace(r"^(?:00)?86(\d{11})$", "$1")
    return pl.when(digits.str.len_chars() >= 7, digits.str.head(3) != digits.str.slice(3, 3)).then(digits)


def plain(text: pl.Expr) -> pl.Expr:
    return _said(text.str.strip_chars())


def identifier(text: pl.Expr) -> pl.Expr:
    """Upper case without spaces and hyphens, masked places as `*`; null for a placeholder: hardly any different characters."""
    tidy = text.str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[\s\-]", "").str.replace_all(r"[×●＊]", "*")
    return pl.when(tidy.str.replace_all(r"\*", "").str.extract_all(".").list.n_unique() >= 4).then(tidy)


def _said(text: pl.Expr) -> pl.Expr:
    return pl.when(text != "").then(text)
