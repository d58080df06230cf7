"""Addresses of every county-level division in force, written in the usual ways: does a parser know the country?"""

import polars as pl

from yishu.normalise import Gazetteer
from yishu.normalise.gazetteer import MUNICIPALITIES


def divisions(known: Gazetteer) -> tuple[dict[str, pl.Series], pl.Series]:
    """Form -> texts, and the code of each; the divisions of municipalities stand right below them."""
    listed = known.counties.filter(~pl.col("short") & ~pl.col("former")).select("code", "name").unique().sort("code")
    names = {"old": list(known.names), "new": list(known.names.values())}
    province = (pl.col("code").str.head(2) + "0000").replace_strict(names["old"], names["new"], default="")
    city = (pl.col("code").str.head(4) + "00").replace_strict(names["old"], names["new"], default="")
    city = pl.when(pl.col("code").str.head(2).is_in(MUNICIPALITIES)).then(pl.lit("")).otherwise(city)
    texts = listed.select(
        full=province + city + pl.col("name") + "人民路1号",
        without_city=province + pl.col("name") + "人民路1号",
        without_province=pl.when(city == "").then(province).otherwise(city) + pl.col("name") + "人民路1号",
    )
    return {form: texts[form] for form in texts.columns}, listed["code"]
