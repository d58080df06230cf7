"""The legal entities of the city: companies, cooperatives and individual businesses, each represented by a person
who lives here."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.chance import Ints, between, weighted
from yishu.sample.columns import Columns
from yishu.sample.people import NONE
from yishu.sample.places import DIVISION_CODES, Addresses, draw_addresses
from yishu.sample.vocabulary import BRACKETED_PLACES, BRANDS, DIVISIONS, SHOP_WORDS, SURNAMES, TRADES

LIMITED, SHARES, SOLE, PARTNERSHIP, COOPERATIVE, INDIVIDUAL = 1, 2, 3, 4, 5, 6
ACTIVE, REVOKED, CANCELLED = 1, 2, 3
_TYPE_WEIGHTS = (40, 1, 5, 2, 4, 48)
# Management department and kind of body: 91 company, 92 individual business, 93 cooperative (GB 32100).
_CODE_PREFIX = {LIMITED: "91", SHARES: "91", SOLE: "91", PARTNERSHIP: "91", COOPERATIVE: "93", INDIVIDUAL: "92"}
CODE_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NEW_CODES_SINCE = 16709  # 2015-10-01, one code in place of the old registration number
_SHARE_BRACKETED = 0.06


@dataclass
class LegalEntities(Columns):
    """One entry an entity; `representative` is a position among the persons, `capital` whole 万元 or NONE, `form`
    how the name is built."""

    kind: Ints
    trade: Ints
    brand_first: Ints
    brand_second: Ints
    brand_third: Ints
    form: Ints
    representative: Ints
    capital: Ints
    established_day: Ints
    status: Ints
    serial: Ints
    phone: Ints
    multiline: Ints


def draw_entities(
    rng: np.random.Generator, representatives: Ints, first_serial: int, established: Ints
) -> tuple[LegalEntities, Addresses]:
    """One active entity for each representative, with an address of its own."""
    size = len(representatives)
    kind = weighted(rng, _TYPE_WEIGHTS, size) + 1
    magnitude = np.array([3, 5, 10, 20, 30, 50, 80, 100, 200, 300, 500, 1000, 2000, 5000, 10000])
    capital = magnitude[between(rng, 0, len(magnitude) - 1, size)]
    capital = np.where(kind == INDIVIDUAL, np.where(rng.random(size) < 0.5, NONE, np.minimum(capital, 30)), capital)
    entities = LegalEntities(
        kind=kind,
        trade=between(rng, 0, len(TRADES) - 1, size),
        brand_first=between(rng, 0, len(BRANDS) - 1, size),
        brand_second=between(rng, 0, len(BRANDS) - 1, size),
        brand_third=np.where(rng.random(size) < 0.4, between(rng, 0, len(BRANDS) - 1, size), NONE),
        form=np.where(rng.random(size) < _SHARE_BRACKETED, 1, 0),
        representative=representatives,
        capital=capital,
        established_day=established,
        status=np.full(size, ACTIVE, dtype=np.int64),
        serial=np.arange(first_serial, first_serial + size),
        phone=between(rng, 0, 9999, size),
        multiline=(rng.random(size) < 0.01).astype(np.int64),
    )
    return entities, draw_addresses(rng, size)


def credit_codes(entities: LegalEntities, addresses: Addresses) -> pl.Series:
    """GB 32100 codes, all different: the serial is counted in the letters of the standard and scattered so that
    neighbours differ."""
    scattered = entities.serial * 7_368_787 % 31**6  # a factor prime to 31: no two serials meet
    letters = np.array(list(CODE_LETTERS))
    body = pl.Series([""], dtype=pl.String).gather(np.zeros(len(entities), dtype=np.int64))
    for place in range(6):
        body = body + pl.Series(letters[scattered // 31**place % 31])
    prefix = pl.Series([_CODE_PREFIX[kind] for kind in range(1, 7)]).gather(entities.kind - 1)
    return complete_credit_code(prefix + pl.Series(DIVISION_CODES).gather(addresses.division), "MA" + body)


def entity_names(entities: LegalEntities, addresses: Addresses) -> pl.Series:
    """Registered names; some with a place in full-width brackets."""
    brands = pl.Series([*BRANDS, ""])
    third = np.where(entities.brand_third == NONE, len(BRANDS), entities.brand_third)
    brand = brands.gather(entities.brand_first) + brands.gather(entities.brand_second) + brands.gather(third)
    ending = pl.Series(["有限公司", "股份有限公司", "厂", "事务所（普通合伙）", "专业合作社", ""])
    frame = pl.DataFrame(
        {
            "place": pl.Series(
                [f"平顶山市{name}" if name.endswith("区") else name for _, name, _, _ in DIVISIONS]
            ).gather(addresses.division),
            "bracket": pl.Series(BRACKETED_PLACES).gather(entities.brand_first % len(BRACKETED_PLACES)),
            "brand": brand,
            "trade": pl.Series([word for _, word, _ in TRADES]).gather(entities.trade),
            "shop": pl.Series(SHOP_WORDS).gather(entities.trade % len(SHOP_WORDS)),
            "surname": pl.Series(SURNAMES).gather(entities.brand_second),
            "ending": ending.gather(entities.kind - 1),
            "kind": entities.kind,
            "form": entities.form,
        }
    )
    return frame.select(
        pl.when(pl.col("kind") == INDIVIDUAL)
        .then(pl.format("{}{}{}记{}", "place", "brand", "surname", "shop"))
        .when(pl.col("form") == 1)
        .then(pl.format("{}（{}）{}{}", "brand", "bracket", "trade", "ending"))
        .otherwise(pl.format("{}{}{}{}", "place", "brand", "trade", "ending"))
        .alias("name")
    ).to_series()


def scopes(entities: LegalEntities) -> pl.Series:
    """What the licence allows. One in a hundred is written over two lines, as typed into a form: legitimate, if
    quoted."""
    text = pl.Series([scope for _, _, scope in TRADES]).gather(entities.trade)
    broken = text.str.replace("；", "；\n", literal=True) + '（以上范围中"许可项目"凭证经营）'
    return pl.select(pl.when(pl.Series(entities.multiline == 1)).then(broken).otherwise(text)).to_series()


def registration_numbers(entities: LegalEntities) -> pl.Series:
    """15 digits with their ISO 7064 MOD 11,10 check digit for those founded before the one code; null for later
    ones."""
    first14 = 41_040_000_000_000 + entities.serial % 100_000_000
    check = np.full(len(entities), 10, dtype=np.int64)
    for place in range(13, -1, -1):
        total = (check + first14 // 10**place % 10) % 10
        check = np.where(total == 0, 10, total) * 2 % 11
    number = pl.Series(first14 * 10 + (11 - check) % 10).cast(pl.String)
    old = pl.Series(entities.established_day < _NEW_CODES_SINCE)
    return pl.select(pl.when(old).then(number)).to_series()
