"""What companies report, pay or are accused of: annual reports, taxes, the list of abnormal operation, cases in court.

Derived from the company's position and the day, like licences.py.
"""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.legal_entities import COOPERATIVE, INDIVIDUAL
from yishu.sample.people import NONE
from yishu.sample.tables.licences import companies, since
from yishu.sample.tables.periods import month_bounds, next_days
from yishu.sample.tables.text import always, amounts, codes, dates, where
from yishu.sample.vocabulary import DIVISIONS
from yishu.sample.world import World

ABNORMAL, CASES = 30, 25  # one in so many companies
_TAX_ITEMS = ("10101", "10104", "10109", "10111")
_CAUSES = ("买卖合同纠纷", "借款合同纠纷", "建设工程施工合同纠纷", "劳动争议", "租赁合同纠纷")
_AUTHORITY = "平顶山市市场监督管理局"


def reporting(world: World) -> Ints:
    """Companies founded before last year: individual businesses and cooperatives report on paper."""
    kind, founded = world.entities.kind, world.entities.established_day
    here = (kind != INDIVIDUAL) & (kind != COOPERATIVE) & (founded < _year_begins(world, -1))
    here[0] = True  # no table is empty in the smallest city
    return np.flatnonzero(here)


def tax_payers(world: World) -> Ints:
    return np.flatnonzero((pick(np.arange(len(world.entities)), "tax payer", 2) == 0) | (np.arange(len(world.entities)) == 0))


def annual_reports(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    year = dates(np.full(len(positions), _year_begins(world, -1)), "%Y")
    assets = (pick(positions, "assets", 9_000) + 20) * 100
    return pl.DataFrame(
        {
            "_subject": positions,
            "report_no": year + codes(positions + 1, 9),
            "report_year": year,
            "credit_code": told["credit_code"],
            "name": told["name"],
            "assets_wan_yuan": amounts(assets),
            "liabilities_wan_yuan": amounts(assets * pick(positions, "debts", 80) // 100),
            "revenue_wan_yuan": amounts(assets * (pick(positions, "revenue", 90) + 10) // 100),
            "profit_wan_yuan": amounts(assets * pick(positions, "profit", 12) // 100),
            "tax_wan_yuan": where(pick(positions, "tax shown", 3) > 0, amounts(assets * pick(positions, "tax", 5) // 100)),
            "employee_count": codes(pick(positions, "employees", 200) + 1),
            "reported_date": dates(np.minimum(_year_begins(world, 0) + pick(positions, "reported", 50), world.today), "%Y-%m-%d 00:00:00"),
        }
    )


def tax_payments(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    first, last = month_bounds(world)
    return pl.DataFrame(
        {
            "_subject": positions,
            "payment_no": dates(np.full(len(positions), last), "%Y%m") + codes(positions + 1, 10),
            "taxpayer_no": told["credit_code"],
            "taxpayer_name": told["name"],
            "tax_item": pl.Series(_TAX_ITEMS).gather(pick(positions, "tax item", len(_TAX_ITEMS))),
            "period_from_date": dates(np.full(len(positions), first), "%Y%m%d"),
            "period_to_date": dates(np.full(len(positions), last), "%Y%m%d"),
            "amount_yuan": amounts(pick(positions, f"tax amount {first}", 5_000_000) + 100),
            "paid_date": dates(next_days(world, positions, pick(positions, "tax day", 15)), "%Y%m%d"),
        }
    )


def abnormal_operations(world: World, positions: Ints) -> pl.DataFrame:
    """About a third have been removed from the list again."""
    told = companies(world, positions)
    listed = since(world, positions, "abnormal", 2)
    removed = np.where(pick(positions, "removed", 3) == 0, np.minimum(listed + 60, world.today), NONE)
    gone = removed != NONE
    authority = always(_AUTHORITY, len(positions))
    return pl.DataFrame(
        {
            "_subject": positions,
            "record_no": "YC" + codes(positions + 1, 9),
            "credit_code": told["credit_code"],
            "name": told["name"],
            "reason": codes(pick(positions, "abnormal reason", 4) + 1),
            "listed_date": dates(listed, "%Y-%m-%d"),
            "listing_authority": authority,
            "removed_date": dates(removed, "%Y-%m-%d"),
            "removal_reason": where(gone, always("已补报年度报告", len(positions))),
            "removing_authority": where(gone, authority),
        }
    )


def cases(world: World, positions: Ints) -> pl.DataFrame:
    """About half are closed."""
    told = companies(world, positions)
    filed = np.maximum(since(world, positions, "case filed", 3), 17_532)  # numbers of this form since 2018
    filed = np.minimum(filed, world.today)
    closed = np.where(pick(positions, "case closed", 2) == 0, np.minimum(filed + 120, world.today), NONE)
    claimed = (pick(positions, "claimed", 90_000) + 100) * 1_000
    courts = pl.Series([f"{name}人民法院" for _, name, _, _ in DIVISIONS]).gather(world.seats.division[positions])
    return pl.DataFrame(
        {
            "_subject": positions,
            "case_no": "（" + dates(filed, "%Y") + "）豫04执" + codes(positions + 1) + "号",
            "cause": pl.Series(_CAUSES).gather(pick(positions, "cause", len(_CAUSES))),
            "credit_code": told["credit_code"],
            "name": told["name"],
            "court_name": courts,
            "filed_date": dates(filed, "%Y-%m-%d"),
            "claimed_yuan": amounts(claimed),
            "closed_date": dates(closed, "%Y-%m-%d"),
            "closing": where(closed != NONE, codes(pick(positions, "closing", 4) + 1)),
            "enforced_yuan": where(closed != NONE, amounts(claimed * pick(positions, "enforced", 100) // 100)),
        }
    )


def _year_begins(world: World, offset: int) -> int:
    year = np.datetime64(world.today, "D").astype("datetime64[Y]") + offset
    return int(year.astype("datetime64[D]").astype(np.int64))
