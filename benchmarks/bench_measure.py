"""How fast every built-in measure comes from a million moves, against pandas and lifelines doing some of them by hand.

    python benchmarks/bench_measure.py [--deals 190000] [--each]

Each side runs in a process of its own, so that its peak of memory is its own, and reads the same five tables. Told is
CPU time of all threads from the tables in memory to the figures. The peer tells counts and point estimates as one
would in a notebook: outcomes, by month, cohorts by month with three horizons, the formula of velocity, the funnel, time
in each stage and from start to end, reasons, contacts before the close, dates that slipped, and refusals. It has no
intervals but those that Kaplan-Meier brings along, and nothing of pipeline, ageing, overrides and deviations.
Then ``measure`` on maven-crm, the whole command, with its page as HTML beside it.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.model.process import Process
    from engine.tables.build import Tables

ROOT = Path(__file__).parents[1]
REASONS = ("price", "competitor", "no-decision", "no-need", "other", "")
HORIZONS = (30, 60, 90)
DAY = 86_400_000_000


def a_process() -> Process:
    from bench_steps import ENDS, STAGES

    from engine.model.process import Process, Stage, Track
    from engine.model.rule import Fact
    from engine.model.syntax import DATE, MONEY, TEXT

    stages = (
        Stage(each, ends=ENDS.get(each, ""))
        if each in ENDS
        else Stage(each, probability=Decimal(1 + place) / 6, target=timedelta(days=7), alert=timedelta(days=14))
        for place, each in enumerate(STAGES)
    )
    facts = {name: Fact(name, of) for name, of in (("amount", MONEY), ("close_date", DATE), ("region", TEXT))}
    return Process("bench", 1, Track("main", tuple(stages), ()), facts=facts, currency="EUR", time_zone="Europe/Berlin")


def made(deals: int) -> dict[str, Any]:
    """The five tables: the moves of ``bench_steps``, with contacts, dates that were put off and verdicts."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from bench_steps import STAGES
    from bench_steps import made as moved

    from engine.tables import schema

    tables, dice = moved(deals), np.random.default_rng(7)
    moves, count = tables.moves, tables.moves.num_rows
    ends = pc.is_in(moves["to_stage"], pa.array(("won", "lost"))).to_numpy()
    reason = np.where(ends, dice.integers(0, len(REASONS), count), len(REASONS) - 1)
    moves = put(moves, "action", pa.array(["to-" + each for each in STAGES]).take(stage_of(moves)))
    moves = put(moves, "reason", pa.array(REASONS).take(pa.array(reason)))
    entered = moves["entered_at"].cast(pa.int64()).to_numpy()
    kind = pa.array(("call", "email", "demo", "meeting")).take(pa.array(dice.integers(0, 4, count)))
    touched, told = dice.random(count) < 0.5, dice.random(count) < 0.4
    dates = pa.array((entered + dice.integers(1, 90, count) * DAY) // DAY, pa.int32()).cast(pa.date32())
    last = pa.array(np.append(np.flatnonzero(pc.not_equal(moves["deal"][1:], moves["deal"][:-1])), count - 1))
    regions = pa.array(("north", "south", "east", "west")).take(pa.array(dice.integers(0, 4, deals)))
    whole = {name: tables.deals[name] for name in tables.deals.column_names}
    whole |= {"close_date": dates.take(last), "region": regions}
    came = dice.choice(4, count, p=(0.9, 0.06, 0.03, 0.01))
    verdict = pa.array(("passed", "failed", "unknown", "waived")).take(pa.array(came))
    # Of those that failed or nobody could judge four in five were tries that were refused.
    refused = ((came == 1) | (came == 2)) & (dice.random(count) < 0.8)
    requirement = pa.array([f"rule-{each}" for each in range(12)]).take(pa.array(dice.integers(0, 12, count)))
    at = moves["entered_at"]
    return {
        "deals": filled(schema.deals({name: fact.type for name, fact in a_process().facts.items()}), whole),
        "moves": moves,
        "touches": filled(
            schema.TOUCHES,
            {"deal": moves["deal"], "happened_at": at, "touchpoint": kind, "stage": moves["to_stage"]},
        ).filter(pa.array(touched)),
        "facts": filled(
            schema.FACTS,
            {
                "deal": moves["deal"],
                "seq": moves["seq"],
                "happened_at": at,
                "fact": pa.array(["close_date"] * count),
                "value": dates.cast(pa.string()),
            },
        ).filter(pa.array(told)),
        "verdicts": filled(
            schema.VERDICTS,
            {
                "deal": moves["deal"],
                "seq": moves["seq"],
                "happened_at": at,
                "action": moves["action"],
                "requirement": requirement,
                "verdict": verdict,
                "force": pa.array(["must"] * count),
                "move": pa.array(("made", "refused")).take(pa.array(refused.astype(int))),
            },
        ),
    }


def stage_of(moves: Any) -> Any:
    """The number of the stage that each move led to."""
    import pyarrow as pa
    import pyarrow.compute as pc
    from bench_steps import STAGES

    return pc.index_in(moves["to_stage"].combine_chunks(), value_set=pa.array(STAGES))


def put(table: Any, column: str, cells: Any) -> Any:
    return table.set_column(table.column_names.index(column), column, cells)


def filled(form: Any, columns: dict[str, Any]) -> Any:
    """A table of that form; a column that is not given is empty."""
    import pyarrow as pa

    count = len(next(iter(columns.values())))
    rest = {each.name: pa.nulls(count, each.type) for each in form if each.name not in columns}
    texts = {name: pa.array([""] * count) for name, cells in rest.items() if pa.types.is_string(cells.type)}
    return pa.table({**rest, **texts, **columns}).select(form.names).cast(form)


def write(folder: Path, deals: int) -> None:
    import pyarrow.feather as feather

    for name, table in made(deals).items():
        feather.write_feather(table, str(folder / name), compression="uncompressed")


def read(folder: Path) -> dict[str, Any]:
    """The tables as reading by columns hands them over: in memory, each column in one piece."""
    import pyarrow.feather as feather

    names = ("deals", "moves", "touches", "facts", "verdicts")
    return {name: feather.read_table(str(folder / name), memory_map=False).combine_chunks() for name in names}


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def run_ours(folder: Path) -> dict[str, Any]:
    from engine.analysis.measure.asked import Asked
    from engine.analysis.measure.measure import measure
    from engine.analysis.measure.periods import Every
    from engine.tables.build import Tables

    tables, process = Tables(**read(folder)), a_process()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, study = timed(lambda: measure(tables, process, asked=Asked(every=Every.MONTH)))
    sections = {each.id: each for each in study.sections}
    return {
        "seconds": seconds,
        "before": before,
        "moves": tables.moves.num_rows,
        "sections": len(sections),
        "won": [row[2] for row in sections["by-period"].rows],
        "by": [None if row[-3] is None else row[-3].value for row in sections["cohorts"].rows],
        "page": page_of(study),
        "each": each_of(tables, process),
    }


def page_of(study: Any) -> dict[str, float]:
    from engine.report.study import render

    seconds, page = timed(lambda: render(study, "html"))
    return {"seconds": seconds, "megabytes": len(page) / 1e6}


def each_of(tables: Tables, process: Process) -> dict[str, float]:
    from engine.analysis.measure.asked import Asked
    from engine.analysis.measure.measure import viewed
    from engine.analysis.measure.periods import Every
    from engine.analysis.measure.sections import MEASURES

    seconds, view = timed(lambda: viewed(tables, process, Asked(every=Every.MONTH)))
    return {"view": seconds, **{each.id: timed(lambda each=each: each.of(view))[0] for each in MEASURES}}


def run_peer(folder: Path) -> dict[str, Any]:
    import lifelines  # noqa: F401 - it is loaded before the clock runs, as is all of ours that is not a measure
    import pandas as pd

    tables = read(folder)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    deals = tables["deals"].select(["deal", "outcome", "started_at", "closed_at", "amount"]).to_pandas()
    moves = tables["moves"].select(["deal", "to_stage", "entered_at", "left_at", "reason"]).to_pandas()
    others = {name: tables[name].to_pandas() for name in ("touches", "facts", "verdicts")}
    deals["amount"] = deals["amount"].astype(float)
    seconds, found = timed(lambda: by_hand(pd, deals, moves) | kept_by_hand(pd, deals, others))
    return {"seconds": seconds, "before": before, **found}


def by_hand(pd: Any, deals: Any, moves: Any) -> dict[str, Any]:
    """The figures as one would reckon them in a notebook."""
    until = moves["entered_at"].max()
    for name in ("started_at", "closed_at"):
        local = deals[name].dt.tz_localize("UTC").dt.tz_convert("Europe/Berlin").dt.tz_localize(None)
        deals[name + "_month"] = local.dt.to_period("M")
    deals.groupby("outcome")["amount"].agg(["count", "sum", "mean"])
    months = pd.period_range(deals["started_at_month"].min(), deals["closed_at_month"].max(), freq="M")
    by_month = deals.pivot_table(index="closed_at_month", columns="outcome", values="deal", aggfunc="count")
    deals[deals["outcome"] == "won"].groupby("closed_at_month")["amount"].sum()
    deals["days"] = (deals["closed_at"].fillna(until) - deals["started_at"]).dt.total_seconds() / 86_400
    won = deals[deals["outcome"] == "won"]
    (deals["outcome"] == "").sum() * len(won) / (deals["outcome"] != "").sum() * won["amount"].mean() / won[
        "days"
    ].mean()
    moves.loc[moves["to_stage"].isin(("won", "lost"))].groupby(["to_stage", "reason"])["deal"].count()
    stays(moves, until)
    funnel(deals, moves, until)
    return {"won": by_month["won"].reindex(months).fillna(0).astype(int).tolist(), "by": cohorts(deals, months)}


def cohorts(deals: Any, months: Any) -> list[float | None]:
    import warnings

    from lifelines import AalenJohansenFitter

    warnings.simplefilter("ignore")
    found: list[float | None] = []
    cause = deals["outcome"].map({"": 0, "won": 1, "lost": 2})
    for month in months:
        its = deals["started_at_month"] == month
        days = deals.loc[its, "days"]
        if not len(days):
            found.append(None)
            continue
        line = AalenJohansenFitter(calculate_variance=False).fit(days, cause[its], 1).cumulative_density_.iloc[:, 0]
        shares = [float(line[line.index <= horizon].iloc[-1]) for horizon in HORIZONS]
        found.append(shares[0] if days.max() >= HORIZONS[0] else None)
    return found


def stays(moves: Any, until: Any) -> None:
    from lifelines import KaplanMeierFitter

    days = (moves["left_at"].fillna(until) - moves["entered_at"]).dt.total_seconds() / 86_400
    for stage in ("prospect", "qualified", "demo", "proposal", "negotiation"):
        its = moves["to_stage"] == stage
        fitted = KaplanMeierFitter().fit(days[its], moves.loc[its, "left_at"].notna())
        for share in (0.5, 0.1):
            fitted.percentile(share)


def funnel(deals: Any, moves: Any, until: Any) -> None:
    """Who comes further from each stage by each horizon, and by when deals are won."""
    from bench_steps import STAGES
    from lifelines import AalenJohansenFitter

    first = moves.groupby(["deal", "to_stage"], sort=False)["entered_at"].min().unstack()
    for place, stage in enumerate(STAGES[:5]):
        came = first[first[stage].notna()]
        further = came[list(STAGES[place + 1 : 6])].min(axis=1)
        ended = further.fillna(came["lost"])
        cause = further.notna().astype(int) + 2 * (further.isna() & came["lost"].notna()).astype(int)
        days = (ended.fillna(until) - came[stage]).dt.total_seconds() / 86_400
        line = AalenJohansenFitter(calculate_variance=False).fit(days.clip(lower=0), cause, 1).cumulative_density_
        [line[line.index <= horizon].iloc[-1] for horizon in HORIZONS]
    cause = deals["outcome"].map({"": 0, "won": 1, "lost": 2})
    AalenJohansenFitter(calculate_variance=False).fit(deals["days"], cause, 1)


def kept_by_hand(pd: Any, deals: Any, tables: dict[str, Any]) -> dict[str, Any]:
    """Contacts before the close, dates that slipped, and refusals; nothing of it is compared."""
    closed = deals.set_index("deal")[["outcome", "closed_at"]]
    touches = tables["touches"].join(closed, on="deal")
    touches = touches[touches["happened_at"] <= touches["closed_at"]]
    touches.groupby(["touchpoint", "outcome"])["deal"].agg(["count", "nunique"])
    named = tables["facts"].sort_values(["deal", "seq"]).join(closed, on="deal")
    dates = pd.to_datetime(named["value"]).groupby(named["deal"]).agg(["first", "last"]).join(closed)
    (dates["closed_at"] - dates["last"]).dt.days.median()
    verdicts = tables["verdicts"]
    refused = verdicts[(verdicts["move"] == "refused") & verdicts["verdict"].isin(("failed", "unknown"))]
    refused.groupby(["requirement", "action"])["deal"].agg(["count", "nunique"])
    return {}


def run_command(folder: Path) -> dict[str, Any]:
    sales = ROOT.parent / "shared/data/maven-crm/sales_pipeline.csv"
    asked = ["measure", str(sales), "--map", "maven-crm"]
    found = {}
    for name, more in (("text", []), ("html", ["--out", str(folder / "page.html")])):
        command = "import cli, sys; sys.exit(cli.run(sys.argv[1:]))"
        begun = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", command, *asked, *more], check=True, capture_output=True, cwd=ROOT)
        ended = resource.getrusage(resource.RUSAGE_CHILDREN)
        found[name] = ended.ru_utime + ended.ru_stime - begun.ru_utime - begun.ru_stime
    return {"seconds": found["text"], "html": found["html"]}


SIDES = {"ours": run_ours, "peer": run_peer, "command": run_command}


class WithoutPandas:
    """Arrow loads pandas wherever it finds it. Stagewright does not install it; only what its tests need does."""

    def find_spec(self, name: str, *_: object) -> None:
        if name == "pandas":
            raise ImportError


def best(side: str, folder: Path, times: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--side", side, "--folder", str(folder)]
    told = (subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT) for _ in range(times))
    return min((json.loads(each.stdout) for each in told), key=lambda found: found["seconds"])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--deals", type=int, default=190_000)
    options.add_argument("--times", type=int, default=3)
    options.add_argument("--each", action="store_true", help="say what each measure takes")
    options.add_argument("--side", choices=SIDES)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
    if chosen.side:
        if chosen.side == "ours":
            sys.meta_path.insert(0, WithoutPandas())
        found = SIDES[chosen.side](chosen.folder)
        print(json.dumps({**found, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
        return
    if chosen.folder:
        write(chosen.folder, chosen.deals)
        return
    with tempfile.TemporaryDirectory() as folder:
        # In a process of its own too: a child's peak of memory is never told as less than its parent's.
        wrote = [sys.executable, __file__, "--folder", folder, "--deals", str(chosen.deals)]
        subprocess.run(wrote, check=True, cwd=ROOT)
        ours, peer = best("ours", Path(folder), chosen.times), best("peer", Path(folder), 1)
        command = best("command", Path(folder), chosen.times)
    tell(ours, peer, command, each=chosen.each)


def tell(ours: dict[str, Any], peer: dict[str, Any], command: dict[str, Any], *, each: bool) -> None:
    assert ours["won"] == peer["won"]
    assert all(
        (one is None) == (two is None) and (one is None or abs(one - two) < 1e-4)
        for one, two in zip(ours["by"], peer["by"], strict=True)
    )
    print(f"{ours['moves']:,} moves of five tables in memory; CPU time, the best of some")
    print(f"  all {ours['sections']} sections of measure      {ours['seconds']:>6.2f} s  {ours['megabytes']:>6.0f} MB")
    print(f"    before, with the tables      {ours['before']:>14.0f} MB")
    print(f"  pandas and lifelines, by hand {peer['seconds']:>6.2f} s  {peer['megabytes']:>6.0f} MB")
    print(f"  ratio                         {peer['seconds'] / ours['seconds']:>6.1f}")
    print(
        f"  its page as HTML              {ours['page']['seconds']:>6.2f} s  {ours['page']['megabytes']:>6.2f} MB large"
    )
    for name, seconds in sorted(ours["each"].items(), key=lambda pair: -pair[1]) if each else ():
        print(f"    {name:<28}{seconds:>7.3f} s")
    print("measure on maven-crm, 8,800 deals, whole command")
    print(f"  as text                       {command['seconds']:>6.2f} s")
    print(f"  as HTML                       {command['html']:>6.2f} s")


if __name__ == "__main__":
    main()
