"""Event logs that others made, as sequences of names; read without a line of what is tested."""

from __future__ import annotations

import csv
import gzip
from collections import Counter, defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

DATA = Path(__file__).parents[2] / "../shared/data"
Variants = dict[tuple[str, ...], int]


def file_of(name: str) -> Path:
    """The data file; the test is skipped where it is not."""
    path = DATA / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside the repository")
    return path


def bpic2012() -> Variants:
    """What was completed for each application: 4,336 variants."""
    return Counter(xes_traces(DATA / "bpic2012/bpic2012.xes.gz", lifecycle="COMPLETE"))


def receipt() -> Variants:
    """The permit office's intake: 116 variants."""
    return Counter(xes_traces(DATA / "receipt/receipt.xes.gz"))


def running_example() -> Variants:
    """The teaching log: 6 variants."""
    return Counter(xes_traces(DATA / "running-example/running-example.xes"))


def loanapp() -> Variants:
    """The train log of loan applications, in order of time of start: 45 variants."""
    events = defaultdict(list)
    with gzip.open(DATA / "loanapp/LoanApp_simplified_train.csv.gz", "rt", newline="") as file:
        for number, row in enumerate(csv.DictReader(file)):
            events[row["case_id"]].append((row["start_time"], number, row["activity"]))
    return Counter(tuple(name for _, _, name in sorted(its)) for its in events.values())


def xes_traces(path: Path, *, lifecycle: str = "") -> list[tuple[str, ...]]:
    """The names of the events of each trace, of those of one lifecycle only where it is told."""
    opener = gzip.open if path.suffix == ".gz" else open
    found = []
    with opener(path, "rb") as file:
        for _, element in ElementTree.iterparse(file):
            if element.tag.rpartition("}")[2] == "trace":
                events = [event for event in element if event.tag.rpartition("}")[2] == "event"]
                told = [{each.get("key"): each.get("value") for each in event} for event in events]
                kept = (each for each in told if not lifecycle or each.get("lifecycle:transition") == lifecycle)
                found.append(tuple(str(each["concept:name"]) for each in kept))
                element.clear()
    return found
