"""Day by day: let the city live, derive every department's table, break some rows, write the files, remember the
truth."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from yishu.catalogue import Catalogue, Resource, load_catalogue
from yishu.sample.chance import Ints, stream
from yishu.sample.changes import DayEvents, advance
from yishu.sample.consequences import Consequences
from yishu.sample.defects import still_active
from yishu.sample.defects.applying import apply
from yishu.sample.defects.book import Book
from yishu.sample.defects.planning import Planning
from yishu.sample.report import DeliveredFile, SampleReport
from yishu.sample.tables import TABLES
from yishu.sample.truth import truth_of, write_truth
from yishu.sample.world import World, found_world
from yishu.sample.writing import rendered

Progress = Callable[[str, float], None]
_DEATHS = "public_security.death"
_RESIDENTS = "public_security.resident"
# Deaths come first: which of them are right decides whom the other tables may wrongly keep.
_ORDER = (_DEATHS, *(name for name in TABLES if name != _DEATHS))
_SHARE_CORRECTED = 1 / 3
_LARGEST_DEFECTS = 0.05  # each row has one defect at most, and its neighbours may have to stay whole
_SMALLEST_CITY = 200  # below, some table may have no row, and a base database without rows keeps a release back


@dataclass
class _City:
    """All that lasts from one day to the next."""

    world: World
    catalogue: Catalogue
    seed: int
    data: Path
    defects: float | None
    books: dict[str, Book] = field(default_factory=lambda: {name: Book() for name in _ORDER})
    # Deaths corrected today whose rows never reached the pool.
    never_arrived: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    # What an increment has told of so far, by resource.
    told: dict[str, Ints] = field(default_factory=dict)
    truth: list[pl.DataFrame] = field(default_factory=list)
    consequences: Consequences = field(init=False)

    def __post_init__(self) -> None:
        self.consequences = Consequences(self.catalogue)


def generate(
    persons: int,
    days: int,
    seed: int,
    data: Path,
    *,
    first_day: date = date(2026, 3, 1),
    defects: float | None = None,
    progress: Progress | None = None,
) -> SampleReport:
    """Write the deliveries of a city of `persons` registered persons over `days` days into DIR/landing and the truth
    into DIR/truth. `defects`: the share of rows that go wrong on the first day, less where the gate would hold a table back.

    The same arguments give the same bytes, so that delivering again changes nothing. Raises ValueError for a city
    too small, no day, or a share outside [0, 0.05].
    """
    _refuse_what_no_city_is(persons, days, seed, defects)
    say = progress or (lambda text, share: None)
    say("建立城市", 0.0)
    first = (first_day - date(1970, 1, 1)).days
    city = _City(found_world(persons, seed, first), load_catalogue(), seed, data, defects)
    report = SampleReport(persons, days, seed)
    order = [name for name in _ORDER if name in city.catalogue.resources]
    for day in range(1, days + 1):
        as_of = first_day + timedelta(days=day - 1)
        due = [name for name in order if is_due(city.catalogue.resources[name].frequency, as_of, day)]
        events = advance(city.world, seed, day, _untouchable(city)) if day > 1 else DayEvents()
        corrected = _correct(city, day, set(due)) if day > 1 else dict.fromkeys(_ORDER, _nobody())
        for step, name in enumerate(due):
            say(f"{as_of} {city.catalogue.resources[name].title}", (day - 1 + step / len(due)) / days)
            delivered = _deliver(city, city.catalogue.resources[name], as_of, day, events, corrected[name])
            report.files += [delivered] if delivered is not None else []
        city.truth.append(city.consequences.of_the_day(as_of))
    report.truth = write_truth(city.truth, data)
    report.count(pl.concat(city.truth))
    say("完成", 1.0)
    return report


def _refuse_what_no_city_is(persons: int, days: int, seed: int, defects: float | None) -> None:
    if persons < _SMALLEST_CITY or days < 1 or seed < 0:
        raise ValueError(f"--persons 至少 {_SMALLEST_CITY}，--days 至少 1，--seed 不小于 0")
    if defects is not None and not 0 <= defects <= _LARGEST_DEFECTS:
        raise ValueError(f"--defects 是第一天出错行的占比，须在 0 到 {_LARGEST_DEFECTS} 之间")


def _nobody() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _untouchable(city: _City) -> Ints:
    """Deaths that defects refer to, directly or by the person."""
    kept = np.concatenate(
        [still_active.persons_of(city.world, name, book) for name, book in city.books.items() if name != _DEATHS]
    )
    return np.concatenate((city.books[_DEATHS].subjects(), np.flatnonzero(np.isin(city.world.deaths.person, kept))))


def is_due(frequency: str, as_of: date, day: int) -> bool:
    """Everything comes on the first day; then each resource at the beginning of its periods."""
    month_begins = as_of.day == 1
    begins = {
        "weekly": as_of.weekday() == 0,
        "monthly": month_begins,
        "quarterly": month_begins and as_of.month % 3 == 1,
        "half_yearly": month_begins and as_of.month % 6 == 1,
        "yearly": month_begins and as_of.month == 1,
        "irregular": False,
    }
    return day == 1 or begins.get(frequency, True)


def _correct(city: _City, day: int, due: set[str]) -> dict[str, Ints]:
    """About a third of the standing defects are corrected, in each resource that delivers today; the subjects."""
    rng = stream(city.seed, day, "corrections")
    corrected = {name: book.correct(rng, _SHARE_CORRECTED) if name in due else [] for name, book in city.books.items()}
    city.never_arrived = np.array(
        [defect.subject for defect in corrected[_DEATHS] if defect.structural], dtype=np.int64
    )
    return {
        name: np.array([defect.subject for defect in defects], dtype=np.int64) for name, defects in corrected.items()
    }


def _deliver(
    city: _City, resource: Resource, as_of: date, day: int, events: DayEvents, corrected: Ints
) -> DeliveredFile | None:
    book = city.books[resource.id]
    if resource.id != _DEATHS:
        deaths = still_active.known_deaths(city.world, city.books[_DEATHS])
        if resource.id == _RESIDENTS and day > 1:  # who left the register does not come back, but may be left in it
            deaths = np.intersect1d(deaths, events.new_deaths)
        book.add(
            still_active.choose(
                city.world, resource.id, deaths, np.concatenate((book.subjects(), corrected)), city.seed, day
            )
        )
    if resource.id == _DEATHS:
        rows, may_go_wrong = _deaths(city, day, events, corrected)
    elif resource.delivery.mode == "snapshot":
        rows, may_go_wrong = _snapshot(city, resource, corrected)
    else:
        rows, may_go_wrong = _increment(city, resource, corrected)
    _check_items(rows, resource)
    if not rows.height and resource.delivery.format == "jsonl":  # nothing new today: such a system sends no file
        return None
    book.add(Planning(resource, rows, may_go_wrong, as_of, day, city.seed, city.defects).choose(book))
    # An exchange by increments does not send again what stands already.
    told = Book(
        {s: defect for s, defect in book.standing.items() if resource.delivery.mode == "snapshot" or defect.since == day}
    )
    written, defects = apply(rows, told, resource, city.seed, day)
    content, lines = rendered(written, resource)
    name = resource.delivery.pattern.format(as_of=as_of.strftime("%Y%m%d"))
    city.truth.append(truth_of(written, lines, defects, resource, name, as_of))
    city.consequences.read(written, lines, defects, resource, name)
    file = city.data / "landing" / resource.department / resource.name / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return DeliveredFile(resource.id, as_of, file, written.height, len(content))


def _check_items(rows: pl.DataFrame, resource: Resource) -> None:
    unknown = [f"{item.name}（{item.title}）" for item in resource.items if item.name not in rows.columns]
    if unknown:
        raise ValueError(
            f"合成城市不会写 {resource.id} 的信息项 {'、'.join(unknown)}；"
            "请在 yishu/sample/tables/ 中补上"
        )


def _snapshot(city: _City, resource: Resource, corrected: Ints) -> tuple[pl.DataFrame, Ints]:
    """All rows of today, in the order of their subjects, and which of them may go wrong: not those that were put
    right this very day."""
    table = TABLES[resource.id]
    subjects = table.subjects(city.world)
    if resource.id == _RESIDENTS:  # the dead left the register, but for those who stand in it still
        subjects = np.union1d(subjects, still_active.persons_of(city.world, resource.id, city.books[resource.id]))
    return table.build(city.world, subjects), np.flatnonzero(~np.isin(subjects, corrected))


def _increment(city: _City, resource: Resource, corrected: Ints) -> tuple[pl.DataFrame, Ints]:
    """What has come since the last delivery (I), what was put right (U); an appended table has only the new."""
    table, before = TABLES[resource.id], city.told.get(resource.id, _nobody())
    today = table.subjects(city.world)
    city.told[resource.id] = np.union1d(before, today)
    new = np.setdiff1d(today, before)
    operations = dict.fromkeys(new.tolist(), "I")
    if resource.delivery.operation:
        operations |= dict.fromkeys(np.intersect1d(corrected, today).tolist(), "U")
        # The row of the watermark comes again every time, as it does from a pulled table: silence would be lateness.
        operations = dict.fromkeys(np.setdiff1d(before, city.books[resource.id].subjects())[-1:].tolist(), "U") | operations
    subjects = np.array(sorted(operations), dtype=np.int64)
    rows = table.build(city.world, subjects)
    if resource.delivery.operation:
        rows = rows.with_columns(pl.Series("_operation", [operations[s] for s in subjects.tolist()], dtype=pl.String))
    return rows, np.flatnonzero(np.isin(subjects, new))


def _deaths(city: _City, day: int, events: DayEvents, corrected: Ints) -> tuple[pl.DataFrame, Ints]:
    """What the register of deaths exchanges today: everything on the first day, then what is new (I), corrected (U)
    or withdrawn (D)."""
    world = city.world
    new = np.arange(len(world.deaths)) if day == 1 else events.new_deaths
    # A row that was rejected or had no key never arrived: it is sent as new.
    operations = {
        **dict.fromkeys(new.tolist(), "I"),
        **dict.fromkeys(events.corrected_deaths.tolist(), "U"),
        **dict.fromkeys(events.withdrawn_deaths.tolist(), "D"),
        **dict.fromkeys(corrected.tolist(), "U"),
        **dict.fromkeys(np.intersect1d(corrected, city.never_arrived).tolist(), "I"),
    }
    subjects = np.array(sorted(operations), dtype=np.int64)
    rows = TABLES[_DEATHS].build(world, subjects).with_columns(
        pl.Series("_operation", [operations[s] for s in subjects.tolist()], dtype=pl.String)
    )
    return rows, np.flatnonzero(np.isin(subjects, new))
