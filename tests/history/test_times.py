"""Times are read a column at once or text by text: either way says the same."""

from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.history.cells import FORMS, ISO, time_reader
from engine.history.times import quick_times
from engine.model.errors import BadValue
from tests.history.made import MOVES

ANY = replace(MOVES, dates=())
ZONES = ("", "Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca")
MAPS = st.builds(
    lambda zone, dates: replace(MOVES, time_zone=zone, dates=tuple(dates)),
    st.sampled_from(ZONES),
    st.lists(st.sampled_from((*FORMS, ISO, "%Y-%d-%m", "%d.%m.%Y")), max_size=3),
)
WRITTEN = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%dT%H:%M:%S.%f+02:00",
    "%Y-%m-%d %H:%M:%S-03:30",
    "%Y-%m-%dT%H:%M:%S+0130",
)
MOMENTS = st.datetimes() | st.integers(-(10**9), 2 * 10**9).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
SHAPES = st.from_regex(
    r"[0-2]\d{3}-[01]\d-[0-3]\d[T ][0-2]\d:[0-6]\d:[0-6]\d(\.\d{1,7})?(Z|[+-][0-2]\d:[0-6]\d)?", fullmatch=True
)
TEXTS = st.lists(
    st.builds(
        lambda moment, form: f"{moment.year:04}" + moment.strftime(form.removeprefix("%Y")),
        MOMENTS,
        st.sampled_from(WRITTEN),
    )
    | SHAPES
    | st.text(max_size=24),
    min_size=1,
    max_size=12,
)


def one_by_one(text, map_):
    try:
        return time_reader(map_)(text)
    except BadValue:
        return None


@settings(deadline=None)
@given(TEXTS, MAPS)
@example(["2026-03-29 02:30:00", "2026-10-25 02:30:00", "2026-03-29 01:59:59"], replace(ANY, time_zone="Europe/Berlin"))
@example(["2018-11-04 00:00:00", "2018-11-04 00:30:00"], replace(ANY, time_zone="America/Sao_Paulo"))
@example(
    ["2026-02-29", "2024-02-29", "0000-01-01", "2026-13-01", "9999-12-31", "0001-01-01"],
    replace(ANY, time_zone="Asia/Kolkata"),
)
@example(["2026-01-02"], replace(MOVES, dates=("%Y-%d-%m", "%Y-%m-%d")))
def test_a_column_read_at_once_says_what_each_of_its_texts_says(texts, map_):
    times, done = quick_times(pa.array(texts, pa.string()), map_)
    quick = [(text, time) for text, time, is_read in zip(texts, times.tolist(), done.tolist(), strict=True) if is_read]
    assert quick == [(text, one_by_one(text, map_)) for text, _ in quick]


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S.%f+02:00", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])
def test_usual_texts_are_read_at_once(form):
    texts = [datetime(2026, 3, day, 4, 5, 6, 789, tzinfo=UTC).strftime(form) for day in range(1, 20)]
    assert quick_times(pa.array(texts), ANY)[1].all()
    assert quick_times(pa.array(["x", *texts]), ANY)[1].sum() == 19


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-03-31", "2026-03-31T00:00:00+00:00"),
        ("2026-03-31T14:30", "2026-03-31T14:30:00+00:00"),
        ("2026-03-31 14:30:05.25", "2026-03-31T14:30:05.250000+00:00"),
        ("2026-03-31T14:30:05.123456789Z", "2026-03-31T14:30:05.123456+00:00"),
        ("2026-03-31T14:30:05.000+0200", "2026-03-31T12:30:05+00:00"),
        ("2026-03-31 14:30:05+02", "2026-03-31T12:30:05+00:00"),
    ],
)
def test_without_a_form_any_way_of_iso_8601_is_read(text, meant):
    assert time_reader(ANY)(text) == round(datetime.fromisoformat(meant).timestamp() * 1_000_000)


@pytest.mark.parametrize("text", ["20260331", "2026-W14-2", "31.03.2026", "2026-03-31x14:30", "1743379200"])
def test_what_only_resembles_it_is_no_date(text):
    with pytest.raises(BadValue, match="is not a date"):
        time_reader(ANY)(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0001-01-01", "too early"),
        ("0001-01-01T00:00:00Z", "too early"),
        ("0001-01-01T00:00:00+01:00", "too early"),
        ("9999-12-31T23:59:59Z", "too late"),
        ("9999-12-31 23:59:59.123", "too late"),
        ("9999-12-31T23:59:59-08:00", "too late"),
    ],
)
@pytest.mark.parametrize("zone", ZONES)
def test_what_has_no_day_in_every_time_zone_is_no_time_of_a_deal(text, why, zone):
    map_ = replace(ANY, time_zone=zone)
    with pytest.raises(BadValue, match=why):
        time_reader(map_)(text)
    assert not quick_times(pa.array([text]), map_)[1].any()
