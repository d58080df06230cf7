"""The beginning of a written address, from the province to the street and quarter: names known are taken from the front, one level after the
other.

Belongs here: distinct beginnings, of which a city has few. Not here: numbers, buildings and rooms (`parsing`), what a text does not say
(`inference`).
"""

from typing import Final

import polars as pl

from yishu.normalise.gazetteer import MUNICIPALITIES, Gazetteer

# After a short form these say that it was the beginning of another name: 新华 of 新华路, 石桥 of 石桥村, 吉林 of 吉林市, 本溪 of 本溪满族自治县.
_CONTINUES: Final = "^(市|县|[左右]旗|[一-龥]{0,8}自治|路|街|大道|大街|巷|胡同|村|社区|居委|镇|乡|庄|新村|花园|家园|小区|[东西南北中][路街])"
_COMMUNITY: Final = "^([一-龥0-9]{1,12}?(?:社区|居委会|村委会|村民委员会))"
_VILLAGE: Final = "^([一-龥]{1,8}?村)"
_STREET: Final = "^([一-龥A-Z0-9]{1,12}?(?:大道|大街|胡同|路|街|巷|弄)(?:[东西南北中]段)?)"
_TOWN: Final = "^([一-龥]{1,8}?(?:街道办事处|街道|办事处)|[^路街村0-9A-Z]{1,6}?(?:镇|乡))"


def read_places(places: pl.DataFrame, known: Gazetteer) -> pl.DataFrame:
    """`place` (distinct texts), `has_building` -> with province_code, city_code, division_code, town, community, street, quarter and
    `unread`: what no level took, null where nothing is left."""
    frame = places.with_row_index("at").with_columns(rest="place")
    frame = _upper(frame, known)
    frame = _division(frame, known)
    frame = _town(frame, known)
    frame = _below(frame, known)
    return frame.drop("at", "rest")


def _take(frame: pl.DataFrame, forms: pl.DataFrame) -> pl.DataFrame:
    """With `form`, the longest that `rest` begins with, and `after`, what follows; null where none fits."""
    if forms.is_empty():
        return frame.with_columns(form=pl.lit(None, pl.String), after="rest")
    words = forms["form"].unique()
    ordered = words.to_frame().sort(pl.col("form").str.len_chars(), "form", descending=True)["form"]
    found = frame.with_columns(form=pl.col("rest").str.extract(f"^({'|'.join(ordered.to_list())})", 1))
    found = found.with_columns(after=pl.col("rest").str.slice(pl.col("form").str.len_chars()))
    whole = forms.filter(~pl.col("short"))["form"]
    doubtful = ~pl.col("form").is_in(whole.to_list()) & pl.col("after").str.contains(_CONTINUES)
    return found.with_columns(form=pl.when(doubtful.not_()).then("form"))


def _accept(frame: pl.DataFrame, accepted: pl.Expr) -> pl.DataFrame:
    return frame.with_columns(rest=pl.when(accepted).then("after").otherwise("rest")).drop("form", "after")


def _upper(frame: pl.DataFrame, known: Gazetteer) -> pl.DataFrame:
    provinces = known.provinces.unique("form", keep="first")
    taken = _take(frame, provinces).join(provinces.select("form", province_code="code"), on="form", how="left", maintain_order="left")
    frame = _accept(taken, pl.col("province_code").is_not_null())
    cities = known.cities.unique("form", keep="first")
    taken = _take(frame, cities).join(cities.select("form", city_code="code"), on="form", how="left", maintain_order="left")
    fits = pl.col("province_code").is_null() | (pl.col("province_code").str.head(2) == pl.col("city_code").str.head(2))
    taken = taken.with_columns(city_code=pl.when(fits).then("city_code"))
    return _accept(taken, pl.col("city_code").is_not_null())


def _division(frame: pl.DataFrame, known: Gazetteer) -> pl.DataFrame:
    """A name that several cities have (鼓楼区) is the one in the stated city or province, else the home city's own; a former name counts
    where no present one fits."""
    taken = _take(frame, known.counties)
    within = pl.coalesce(pl.col("city_code").str.head(4), pl.col("province_code").str.head(2), pl.lit(""))
    candidates = (
        taken.select("at", "form", within=within)
        .join(known.counties.select("form", "code", "former").unique(), on="form")
        .filter(pl.col("code").str.starts_with(pl.col("within")))
        .with_columns(rank=pl.col("former").cast(pl.Int8) * 2 + (~pl.col("code").str.starts_with(known.home)).cast(pl.Int8))
    )
    best = candidates.filter(pl.col("rank") == pl.col("rank").min().over("at")).unique(["at", "code"])
    best = best.filter(pl.len().over("at") == 1).select("at", division_code="code")
    taken = taken.join(best, on="at", how="left", maintain_order="left")
    return _accept(taken, pl.col("division_code").is_not_null())


def _town(frame: pl.DataFrame, known: Gazetteer) -> pl.DataFrame:
    taken = _take(frame, known.towns)
    stated = taken.select("at", "form", stated="division_code").drop_nulls("form")
    candidates = stated.join(known.towns.select("form", "division_code", "town").unique(), on="form")
    candidates = candidates.filter(pl.col("stated").is_null() | (pl.col("stated") == pl.col("division_code")))
    # One name in several counties is still that name; which county, another level may tell.
    one = candidates.group_by("at").agg(
        known_town=pl.when(pl.col("town").n_unique() == 1).then(pl.col("town").first()),
        of=pl.when(pl.len() == 1).then(pl.col("division_code").first()),
    )
    taken = taken.join(one, on="at", how="left", maintain_order="left")
    local = pl.col("division_code").is_null() & (pl.col("city_code").is_null() | pl.col("city_code").str.starts_with(known.home))
    taken = taken.with_columns(division_code=pl.when(local).then("of").otherwise("division_code"))
    frame = _accept(taken, pl.col("known_town").is_not_null())
    other = pl.when(pl.col("known_town").is_null()).then(pl.col("rest").str.extract(_TOWN, 1))
    official = other.str.replace("(街道)?办事处$", "街道")
    frame = frame.with_columns(town=pl.coalesce("known_town", official), other=other)
    return frame.with_columns(rest=pl.col("rest").str.slice(pl.col("other").str.len_chars().fill_null(0))).drop("known_town", "of", "other")


def _below(frame: pl.DataFrame, known: Gazetteer) -> pl.DataFrame:
    """Community, street, village, quarter; a name of the register goes before a pattern."""
    frame = _level(frame, "community", known.communities.filter(~pl.col("short")), _COMMUNITY, pl.lit(True))
    frame = frame.with_columns(of_quarter=_take(frame, known.quarters)["form"].is_not_null())
    frame = _level(frame, "street", known.streets, _STREET, ~pl.col("of_quarter"))
    nameless = pl.col("community").is_null() & pl.col("street").is_null() & ~pl.col("of_quarter") & ~pl.col("has_building")
    frame = _level(frame, "village", known.communities, _VILLAGE, nameless)
    left = pl.when(pl.col("rest") != "").then("rest")
    placed = pl.col("has_building") | pl.col("of_quarter")
    return frame.with_columns(
        community=_official(pl.coalesce("community", "village")),
        quarter=pl.when(placed).then(left),
        unread=pl.when(~placed).then(left),
    ).drop("of_quarter", "village")


def _official(community: pl.Expr) -> pl.Expr:
    return community.str.replace("(村村|村)?(民委员会|委会)$", "村").str.replace("(社区)?居委会$", "社区")


def _level(frame: pl.DataFrame, level: str, forms: pl.DataFrame, pattern: str, allowed: pl.Expr) -> pl.DataFrame:
    names = forms.unique("form", keep="first").select("form", known="name")
    taken = _take(frame, forms).join(names, on="form", how="left", maintain_order="left")
    word = pl.col("rest").str.extract(pattern, 1)
    following = pl.col("rest").str.slice(word.str.len_chars())
    word = pl.when(~following.str.contains("^(村|社区|委|居委)")).then(word)
    known = pl.when(~pl.col("after").str.contains("^(村|社区|委|居委)")).then("known")
    taken = taken.with_columns(known=pl.when(allowed).then(known), word=pl.when(allowed).then(word))
    rest = pl.when(pl.col("known").is_not_null()).then("after").otherwise(pl.col("rest").str.slice(pl.col("word").str.len_chars().fill_null(0)))
    return taken.with_columns(pl.coalesce("known", "word").alias(level), rest=rest).drop("form", "after", "known", "word")


def named_upper(frame: pl.DataFrame, known: Gazetteer) -> pl.DataFrame:
    """province and city by name, from the codes that were read, else from the division's."""
    province = pl.coalesce(pl.col("division_code").str.head(2) + "0000", pl.col("city_code").str.head(2) + "0000", "province_code")
    city = pl.coalesce(pl.col("division_code").str.head(4) + "00", "city_code")
    city = pl.when(province.str.head(2).is_in(MUNICIPALITIES)).then(province).otherwise(city)
    names = {"old": list(known.names), "new": list(known.names.values())}
    return frame.with_columns(
        province=province.replace_strict(names["old"], names["new"], default=None),
        city=city.replace_strict(names["old"], names["new"], default=None),
    )
