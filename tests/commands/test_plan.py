"""``plan`` and ``apply``: from a summary to a file, filled in by a person, to deals on the new version."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from engine.journal.connect import connect
from engine.journal.verify import verify
from engine.model.entry import EntryKind
from engine.report.schemas import schema
from tests.versions.sale import NEW, OLD, deal_of, life, loaded

STAGES = ("new", "call", "meet", "offer", "pilot")


def fill(folder: Path, count: int, *, most: int = len(STAGES)) -> Path:
    """A journal of deals on version 1, which stand in all its stages."""
    (_, before), _ = loaded(folder, OLD), loaded(folder, NEW)
    path = folder / "deals.journal"
    with closing(connect(str(path), create=True)) as journal:
        lives = (life(before, f"{number:05d}", *STAGES[: number % most + 1]) for number in range(count))
        journal.append_many(((one, 0, deal_of(one)) for one in lives), definition=before)
    return path


@pytest.fixture
def sale(run, tmp_path, monkeypatch):
    """A workspace with five deals, in the five stages; entered."""
    fill(tmp_path, 5)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STAGEWRIGHT_AS", "eva")
    monkeypatch.setenv("STAGEWRIGHT_ROLE", "boss")
    return tmp_path


def entries(folder: Path):
    with closing(connect(str(folder / "deals.journal"), create=False, read_only=True)) as journal:
        assert not verify(journal)
        return tuple(journal.all_entries())


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_plan_is_told_written_and_done(run, sale):
    told = run("plan sale@2 -o plan.json")
    assert told.code == 0
    assert "keep their stage under a new name" in told.out
    assert "00004" in told.out
    jsonschema.validate(json.loads((sale / "plan.json").read_text()), schema("plan"))
    before = entries(sale)
    waiting = run("apply plan.json")
    assert (waiting.code, entries(sale)) == (2, before)
    assert "line 5, to_stage: nobody says where deal '00004' goes" in waiting.err
    left = run("apply plan.json --leave-undecided --format json")
    assert left.code == 0
    jsonschema.validate(json.loads(left.out), schema("applied"))
    assert (json.loads(left.out)["migrated"], json.loads(left.out)["left"]) == (4, 1)
    assert "already applied: 4 deals" in run("apply plan.json --leave-undecided").out
    assert len(entries(sale)) == len(before) + 4
    assert "4 deals, on sale@2 already" in run("plan sale@2").out


def test_a_deal_that_is_left_goes_on_on_its_version(run, sale):
    run("plan sale@2 -o plan.csv")
    edited(sale / "plan.csv", "00004,ana,900,1,pilot,decide,,yes", "00004,ana,900,1,pilot,decide,,no")
    assert run("apply plan.csv").code == 0
    assert "sale@1" in run("why 00004").out
    assert run("advance 00004 lose").code == 0
    assert "new version  sale 1 → 2, call → talk" in run("why 00001").out


def test_a_table_as_a_spreadsheet_leaves_it_is_read(run, sale):
    run("plan sale@2 -o plan.csv")
    lines = (sale / "plan.csv").read_text(encoding="utf-8-sig").splitlines()
    cells = [line.replace('"', "").split(",") for line in lines]
    # The candidates of the last row hold commas of their own.
    cells[5] = [*cells[5][:10], ",".join(cells[5][10:-1]), cells[5][-1]]
    shown = []
    for number, row in enumerate(cells):
        # Columns in another order, numbers without their zeros, yes in German, blank lines between.
        row = row[::-1] if not number else [cell.lstrip("0") if at == 11 else cell for at, cell in enumerate(row[::-1])]
        shown.append(";".join(f'"{cell}"' for cell in row).replace('"yes"', '"WAHR"'))
    text = "sep=;\r\n" + "\r\n;;;\r\n".join(shown)
    (sale / "plan.csv").write_bytes(b"\xef\xbb\xbf" + text.replace('"decide"', '"decide"').encode())
    edited(sale / "plan.csv", '"";"decide"', '"demo";"decide"')
    done = run("apply plan.csv")
    assert (done.code, done.err.count("error")) == (0, 0)
    assert {entry.reason for entry in entries(sale) if entry.kind is EntryKind.MIGRATED} == {
        *("stays", "follows", "maps", "decided")
    }


def test_a_workbook_is_filled_in_and_given_back(run, sale):
    assert run("plan sale@2 -o plan.xlsx").code == 0
    book = openpyxl.load_workbook(sale / "plan.xlsx")
    sheet = book.active
    names = [cell.value for cell in sheet[1]]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [f"0000{n}" for n in range(5)]
    sheet.cell(6, names.index("to_stage") + 1, "demo")
    sheet.cell(2, names.index("migrate") + 1, value=False)
    book.save(sale / "plan.xlsx")
    done = run("apply plan.xlsx --note 'as agreed'")
    assert (done.code, done.out.splitlines()[0]) == (0, "4 deals came to sale@2")
    assert "as agreed" in run("why 00004").out


def test_everything_illegal_is_told_at_once_by_row_and_column(run, sale):
    run("plan sale@2 -o plan.csv")
    path = sale / "plan.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].replace(",new,yes,", ",knew,yes,")
    lines[2] = lines[2].replace(",yes,", ",perhaps,")
    lines[3] = lines[3].replace("00002,ana", "00009,ana")
    lines[4] = lines[4][: lines[4].rindex(" ")]
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    before = entries(sale)
    told = run("apply plan.csv")
    assert (told.code, entries(sale)) == (2, before)
    for fault in (
        "row 2, to_stage: sale@2 has no stage 'knew'",
        "did you mean 'new'?",
        "row 3, migrate: 'perhaps' is neither yes nor no",
        "row 4, deal: the row was made for deal '00002', and says '00009'",
        "row 5, base: this is not what 'stagewright plan' wrote",
        "row 6, to_stage: nobody says where deal '00004' goes",
        "row 7: deal '00000' stands in row 2 already",
        "nothing was done",
    ):
        assert fault in told.err


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("deal,owner", "deal,owners", ""),
        ("to_stage", "to_stages", "there is no column 'to_stage'"),
        (",base", ",bases", "there is no column 'base'"),
        ("deal,", "", "there is no column 'deal'"),
    ],
)
def test_columns_may_go_but_not_all_of_them(run, sale, old, new, said):
    run("plan sale@2 -o plan.csv --stage new")
    path = sale / "plan.csv"
    head, _, rest = path.read_text(encoding="utf-8-sig").partition("\n")
    path.write_text(head.replace(old, new, 1) + "\n" + (rest if old != "deal," else rest[6:]), encoding="utf-8")
    told = run("apply plan.csv")
    assert told.code == (2 if said else 0)
    assert said in told.err


def test_a_world_that_moved_on_is_exit_3(run, sale):
    run("plan sale@2 -o plan.json --stage new --stage call")
    before = entries(sale)
    run("record 00000 --note 'she called'")
    told = run("apply plan.json")
    assert (told.code, len(entries(sale))) == (3, len(before) + 1)
    assert "deal '00000' moved on since the plan was made; nothing was done" in told.err
    run("plan sale@2 -o plan.json --stage new")
    edited(sale / "processes" / "sale" / "2.yaml", "Everything is", "Everything else is")
    told = run("apply plan.json")
    assert (told.code, len(entries(sale))) == (3, len(before) + 1)
    assert "the text of sale@2 is another since the plan was made" in told.err


def test_a_version_must_be_released_where_others_are(run, sale):
    digest = entries(sale)[0].digest
    (sale / "processes" / "sale" / "released.yaml").write_text(f"1: {{digest: {digest}}}\n", encoding="utf-8")
    told = run("plan sale@2 -o plan.json --stage new")
    assert told.code == 0
    assert "sale@2 is not released" in told.err
    assert run("apply plan.json").code == 1
    assert run("apply plan.json --unreleased --dry-run").code == 0
    assert not [entry for entry in entries(sale) if entry.kind is EntryKind.MIGRATED]
    assert run("apply plan.json --unreleased").code == 0


def test_other_files_are_no_plans(run, sale):
    for name, text in {"a.json": "[1]", "b.json": "{", "c.csv": "", "d.csv": "a,b\n1,2\n", "e.json": "{}"}.items():
        (sale / name).write_text(text)
        told = run(f"apply {name}")
        assert told.code == 2, name
        assert "error" in told.err
    assert run("apply nowhere.json").code == 2
    assert run("plan sale@2 -o plan.pdf").code == 2
    assert run("plan sale@2 --only nobody").code == 2
    assert run("plan sale@3").code == 2


def test_a_plan_killed_in_the_middle_and_run_again_ends_the_same(tmp_path):
    fill(tmp_path, 10_000, most=4)
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}

    def command(folder: Path, line: str) -> subprocess.Popen[bytes]:
        words = [sys.executable, "-m", "cli", *line.split(), "--workspace", str(folder)]
        return subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603

    plan = tmp_path / "plan.json"
    assert command(tmp_path, f"plan sale@2 -o {plan}").wait() == 0
    killed = tmp_path / "killed"
    shutil.copytree(tmp_path, killed, ignore=lambda *_: {"killed"})
    began = time.monotonic()
    assert command(tmp_path, f"apply {plan} --as eva --at 2026-06-01").wait() == 0
    whole = time.monotonic() - began
    untouched = len(entries(killed))
    for part in (0.5, 0.75, 0.9):
        going = command(killed, f"apply {plan} --as eva --at 2026-06-01")
        time.sleep(whole * part)
        going.send_signal(signal.SIGKILL)
        going.wait()
        assert len(entries(killed)) in (untouched, untouched + 10_000)
    assert command(killed, f"apply {plan} --as eva --at 2026-06-01").wait() == 0
    same = [[replace(entry, recorded_at=entry.happened_at) for entry in entries(each)] for each in (tmp_path, killed)]
    assert same[0] == same[1]
    assert len(same[0]) == untouched + 10_000
