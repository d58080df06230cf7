"""How direct identifiers look in the analysts' file: masks as SQL, and tokens in place of entity ids.

Belongs here: expressions for `select`. Not here: which column is sensitive (table_contract.py, from the dbt YAML). The shapes
are those of yishu/masking.py, in SQL because millions of values go through; a test holds the two together.
"""

import os
import secrets
from pathlib import Path

import duckdb

from yishu.lake.table_contract import ColumnContract

SECRET = "analyst_token.key"
HIDDEN = "***"
HMAC_BLOCK = 64

# mask kind -> characters kept at the beginning and at the end, as SQL over the length {n}
_KEPT = {
    "citizen_id": ("least(6, {n} // 3)", "0"),
    "credit_code": ("case when {n} >= 18 then 6 else least(6, {n} // 3) end", "case when {n} >= 18 then 6 else 0 end"),
    "phone": ("case when {n} >= 11 then 3 else {n} // 3 end", "case when {n} >= 11 then 4 else 0 end"),
    "name": ("case when {n} >= 3 then 1 else {n} - 1 end", "case when {n} >= 3 then 1 else 0 end"),
    "address": ("least(4, {n} // 2)", "0"),
}
_CITIZEN_ID_FORM = r"[\s\p{Z}]*([0-9]{17}[0-9Xx])[\s\p{Z}]*"


def shown(column: str, contract: ColumnContract | None, duckdb_type: str) -> str:
    """The SQL by which an analyst sees the column: as it is, masked, as a token, or not at all."""
    name = f'"{column}"'
    if contract is not None and contract.sensitivity in ("none", "quasi"):
        return name
    mask = contract.mask if contract is not None else None
    if duckdb_type != "VARCHAR":
        return f"cast(null as {duckdb_type}) as {name}"
    if mask == "token":
        return f"{token_sql(name)} as {name}"
    if mask in _KEPT:
        return f"{mask_sql(name, mask)} as {name}"
    return f"case when {name} is not null then '{HIDDEN}' end as {name}"


def mask_sql(column: str, kind: str) -> str:
    """The masked value. Whatever looks like a citizen id is masked as one: departments put them into columns meant for something else."""
    if kind == "citizen_id":
        return _stars(column, kind)
    born = f"substr(regexp_extract({column}, '{_CITIZEN_ID_FORM}', 1), 7, 8)"
    disguised = f"regexp_full_match({column}, '{_CITIZEN_ID_FORM}') and year(try_strptime({born}, '%Y%m%d')) between 1850 and 2100"
    return f"case when {disguised} then {_stars(column, 'citizen_id')} else {_stars(column, kind)} end"


def token_sql(column: str) -> str:
    """HMAC-SHA-256 of the value (RFC 2104), under the key that `set_token_key` gave to the connection."""
    return f"sha256(getvariable('outer_pad') || unhex(sha256(getvariable('inner_pad') || encode({column}))))"


def set_token_key(connection: duckdb.DuckDBPyConnection, key: bytes) -> None:
    """Give the connection the padded key; a variable, so that it appears in no statement that is kept."""
    for variable, pad in (("inner_pad", 0x36), ("outer_pad", 0x5C)):
        padded = bytes(byte ^ pad for byte in key.ljust(HMAC_BLOCK, b"\0"))
        connection.execute(f"set variable {variable} = unhex('{padded.hex()}')")


def token_key(data: Path) -> bytes:
    """The key of this data folder's tokens (DIR/analyst_token.key, mode 0600), made at first use.

    It stays the same from release to release, so that analysts can follow an entity; who has it can turn tokens back by trying
    all ids, so it belongs to the engineers' side and is never released.
    """
    path = data / SECRET
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
    path.chmod(0o600)
    key = bytes.fromhex(path.read_text().strip())
    if len(key) != 32:
        raise ValueError(f"{path} 不完整；请移走后重新发布（代号会全部改变）")
    return key


def _stars(column: str, kind: str) -> str:
    length = f"length({column})"
    head, tail = (part.format(n=length) for part in _KEPT[kind])
    stars = f"left({column}, {head}) || repeat('*', {length} - ({head}) - ({tail})) || right({column}, {tail})"
    return f"case when {column} = '' then '' else {stars} end"
