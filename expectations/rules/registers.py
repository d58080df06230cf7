"""The identifiers that registers give beside persons and credit codes: organisation code, old registration number, parcel,
real-estate unit, electronic certificate. Kernels over polars text, as in `identifiers`.

GB 11714-1997 (organisation code), GS 15-2006 with ISO 7064 MOD 11,10 (15-digit registration number), GB/T 37346-2019 (parcel
and real-estate unit: a structure, no check digit), GB/T 36904-2018 with ISO 7064 MOD 37,36 (certificate). Every function takes
any text whatever and answers null for null. Not seen from a code alone: whether its region was in force when it was given.
"""

from typing import Final

import numpy as np
import polars as pl

from expectations.rules.characters import ZERO, Bytes, Flags, all_at_most, as_texts, fitting, holds, hybrid_check, spread, values_of
from expectations.rules.identifiers import KNOWN_PROVINCE, ORGANISATION_ALPHABET, organisation_checks, valid_credit_code

_ALPHANUMERIC: Final = values_of(ORGANISATION_ALPHABET)
_CHARACTER: Final = np.frombuffer(ORGANISATION_ALPHABET.encode(), dtype=np.uint8)
PARCEL_WIDTH: Final = 19
# GB/T 37346: ownership of the land, kind of the right, kind of what stands on it.
_OWNERSHIPS, _RIGHTS, _FIXTURES = (frozenset(kinds.encode()) for kinds in ("GJZ", "ABSXCDEFLNHGWY", "FLQW"))
_COLLECTIVE_ONLY: Final = tuple(b"AC")  # ownership by the collective, and homesteads: only on collective land
CERTIFICATE_ROOT: Final = "1.2.156.3005.2."
_CERTIFICATE: Final = r"^1\.2\.156\.3005\.2\.([0-9A-Z]{18}[0-9]{3})\.([0-9A-Z]{18})\.([0-9A-Z]{1,40})\.([0-9]{3})\.([0-9A-Z])$"


def canonical_organisation_code(texts: pl.Series) -> pl.Series:
    """Organisation codes upper-case, without white space and hyphens (the standard writes XXXXXXXX-C, feeds both)."""
    return texts.cast(pl.String).str.replace_all(r"[\s\-‐‑–—－]", "").str.to_uppercase()


def valid_organisation_code(texts: pl.Series) -> pl.Series:
    """Whether each text is an organisation code in canonical form: 8 digits or letters and their check character, not all zero."""
    fits, codes = fitting(texts, 9)
    values = _ALPHANUMERIC[codes[:8]]
    valid = all_at_most(values, 35) & (values.max(axis=0, initial=0) > 0)
    valid &= organisation_checks(codes[:8]) == codes[8]
    return holds(texts, fits, valid)


def complete_organisation_code(first8: pl.Series) -> pl.Series:
    """8 characters with their check character appended; null where they are not 8 digits or upper-case letters."""
    fits, codes = fitting(first8, 8)
    legal = all_at_most(_ALPHANUMERIC[codes], 35)
    checks = as_texts(organisation_checks(codes)[None, :]).set(pl.Series(~legal, dtype=pl.Boolean), None)
    return (first8.cast(pl.String) + spread(first8, fits, checks)).rename(first8.name)


def canonical_registration_no(texts: pl.Series) -> pl.Series:
    """Registration numbers without white space."""
    return texts.cast(pl.String).str.replace_all(r"\s", "")


def valid_registration_no(texts: pl.Series) -> pl.Series:
    """Whether each text is a 15-digit registration number: 14 digits, not all zero, and the ISO 7064 MOD 11,10 check digit.

    The 13-digit numbers from before 2007 carry no check digit; they are false here.
    """
    fits, numbers = fitting(texts, 15)
    digits = numbers - ZERO
    valid = all_at_most(digits, 9) & (digits[:14].max(axis=0, initial=0) > 0)
    valid &= hybrid_check(digits[:14], 10) == digits[14]
    return holds(texts, fits, valid)


def complete_registration_no(first14: pl.Series) -> pl.Series:
    """14 digits with their check digit appended; null where they are not 14 digits."""
    fits, numbers = fitting(first14, 14)
    digits = numbers - ZERO
    checks = as_texts((hybrid_check(digits, 10).astype(np.uint8) + ZERO)[None, :])
    checks = checks.set(pl.Series(~all_at_most(digits, 9), dtype=pl.Boolean), None)
    return (first14.cast(pl.String) + spread(first14, fits, checks)).rename(first14.name)


def canonical_real_estate_unit(texts: pl.Series) -> pl.Series:
    """Codes of parcels and units upper-case, without the spaces that the standard prints between their groups."""
    return texts.cast(pl.String).str.replace_all(r"\s", "").str.to_uppercase()


def _valid_parcels(codes: Bytes) -> Flags:
    digits = codes - ZERO
    valid = all_at_most(digits[:12], 9) & all_at_most(digits[14:19], 9)
    provinces = np.minimum(digits[0].astype(np.uint32) * 10 + digits[1], 255)
    valid &= KNOWN_PROVINCE[provinces]
    ownership, right = codes[12], codes[13]
    valid &= np.isin(ownership, list(_OWNERSHIPS)) & np.isin(right, list(_RIGHTS))
    return np.asarray(valid & (~np.isin(right, _COLLECTIVE_ONLY) | (ownership == ord("J"))))


def valid_parcel_code(texts: pl.Series) -> pl.Series:
    """Whether each text is a parcel code (宗地代码, 19 characters): region, cadastral district and sub-district, ownership and kind of
    right that go together, number."""
    fits, codes = fitting(texts, PARCEL_WIDTH)
    return holds(texts, fits, _valid_parcels(codes))


def valid_real_estate_unit(texts: pl.Series) -> pl.Series:
    """Whether each text is the code of a real-estate unit (28 characters): a parcel code, the kind of fixture and its number,
    eight zeros where there is none (W)."""
    fits, codes = fitting(texts, 28)
    fixture, serial = codes[PARCEL_WIDTH], codes[PARCEL_WIDTH + 1 :] - ZERO
    valid = _valid_parcels(codes[:PARCEL_WIDTH]) & np.isin(fixture, list(_FIXTURES)) & all_at_most(serial, 9)
    return holds(texts, fits, valid & ((fixture != ord("W")) | (serial.max(axis=0, initial=0) == 0)))


def canonical_certificate_id(texts: pl.Series) -> pl.Series:
    """Certificate ids upper-case, without white space."""
    return texts.cast(pl.String).str.replace_all(r"\s", "").str.to_uppercase()


def valid_certificate_id(texts: pl.Series) -> pl.Series:
    """Whether each text is a certificate id (证照标识): the root of the standard, a type (valid credit code and 3 digits), an issuer
    (valid credit code), a serial of up to 40 digits and letters, a version of 3 digits, and the check character over all of them."""
    parts = pl.DataFrame({"text": texts.cast(pl.String)}).select(
        pl.col("text").str.extract(_CERTIFICATE, place).alias(name) for place, name in enumerate(("type", "issuer", "serial", "version", "check"), 1)
    )
    body = parts.select(pl.concat_str("type", "issuer", "serial", "version")).to_series()
    checks = _certificate_checks(body)
    valid = valid_credit_code(parts["type"].str.slice(0, 18)) & valid_credit_code(parts["issuer"]) & (checks == parts["check"])
    answer = valid.fill_null(False).rename(texts.name)
    return answer.set(texts.is_null(), None) if texts.null_count() else answer


def complete_certificate_id(type_code: pl.Series, issuer_code: pl.Series, serial: pl.Series, version: pl.Series) -> pl.Series:
    """Certificate ids from their parts, with the check character; null where a part is null or holds other than digits and
    upper-case letters. Whether the parts are valid in themselves is not asked."""
    parts = [part.cast(pl.String) for part in (type_code, issuer_code, serial, version)]
    body = parts[0] + parts[1] + parts[2] + parts[3]
    dotted = parts[0] + "." + parts[1] + "." + parts[2] + "." + parts[3]
    return (CERTIFICATE_ROOT + dotted + "." + _certificate_checks(body)).rename(type_code.name)


def _certificate_checks(bodies: pl.Series) -> pl.Series:
    """The check character of each body; null where it has none. Serials differ in length: one pass a length."""
    checks = pl.repeat(None, len(bodies), dtype=pl.String, eager=True)
    for width in bodies.str.len_bytes().drop_nulls().unique().to_list():
        fits, codes = fitting(bodies, width)
        values = _ALPHANUMERIC[codes]
        found = as_texts(_CHARACTER[hybrid_check(values, 36)][None, :]).set(pl.Series(~all_at_most(values, 35), dtype=pl.Boolean), None)
        checks = checks.scatter(np.flatnonzero(fits), found)
    return checks
