"""``plan`` and ``apply``: from a summary to a file, filled in by a person, to deals on the new version."""

from __future__ import annotations

import csv
import json
import re
import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

import jsonschema
import openpyxl
import pytest

from engine.journal.connect import connect
from engine.journal.verify import verify
from engine.model.entry import EntryKind
from engine.report.schemas import schema
from tests.versions.sale import NEW, OLD, deal_of, life, loaded

STAGES = ("new", "call", "meet", "offer", "pilot")


def fill(folder: Path, count: int) -> Path:
    """A journal of deals on version 1, which stand in all its stages."""
    (_, before), _ = loaded(folder, OLD), loaded(folder, NEW)
    path = folder / "deals.journal"
    with closing(connect(str(path), create=True)) as journal:
        lives = (life(before, f"{number:05d}", *STAGES[: number % len(STAGES) + 1]) for number in range(count))
        journal.append_many(((one, 0, deal_of(one)) for one in lives), definition=before)
    return path


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("filled")
    fill(folder, 5)
    return folder


@pytest.fixture
def sale(run, filled, tmp_path, monkeypatch):
    """A workspace with five deals, in the five stages; entered."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("STAGEWRIGHT_AS", "eva")
    monkeypatch.setenv("STAGEWRIGHT_ROLE", "boss")
    return tmp_path


def entries(folder: Path):
    with closing(connect(str(folder / "deals.journal"), create=False, read_only=True)) as journal:
        assert not verify(journal)
        return tuple(journal.all_entries())


def deals_of(folder: Path):
    with closing(connect(str(folder / "deals.journal"), create=False, read_only=True)) as journal:
        return tuple(journal.deals())


def edited(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_plan_is_told_written_and_done(run, sale):
    told = run("plan sale@2 -o plan.json")
    assert told.code == 0
    assert "in the same stage, under a new name" in told.out
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
    with (sale / "plan.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    rows[4]["to_stage"] = "demo"
    with (sale / "plan.csv").open("w", encoding="utf-8-sig", newline="") as file:
        file.write("sep=;\r\n")
        # Columns in another order, numbers without their zeros, yes in German, blank lines between.
        writer = csv.DictWriter(file, sorted(rows[0], reverse=True), delimiter=";")
        writer.writeheader()
        for row in rows:
            writer.writerow({**row, "deal": str(int(row["deal"])), "migrate": "WAHR"})
            file.write(";;;\r\n")
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


def test_everything_illegal_is_told_at_once_by_row_and_column(run, sale, tmp_path):
    (_, before), _ = loaded(tmp_path, OLD), loaded(tmp_path, NEW)
    ends = life(before, "over", "hold")
    with closing(connect(str(sale / "deals.journal"), create=False)) as journal:
        journal.append(ends, after=0, deal=deal_of(ends))
    run("plan sale@2 -o plan.csv")
    path = sale / "plan.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines[1] = lines[1].replace(",new,yes,", ",knew,yes,")
    lines[2] = lines[2].replace(",yes,", ",perhaps,")
    lines[3] = lines[3].replace("00002,ana", "00009,ana")
    lines[4] = lines[4][: lines[4].rindex(" ")]
    lines[6] = lines[6].replace(",decide,,yes", ",decide,hold,yes")
    nobody = lines[1].replace("00000", "nobody").replace(",knew,", ",new,")
    path.write_text("\n".join([*lines, lines[1], nobody]), encoding="utf-8")
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
        "row 7, because: 'hold' is an end (lost), and the deal is open",
        "row 8: deal '00000' stands in row 2 already",
        "row 9, deal: there is no deal 'nobody' in the journal",
        "nothing was done",
    ):
        assert fault in told.err
    rows = [int(row) for row in re.findall(r"^error: row (\d+)", told.err, re.MULTILINE)]
    assert rows == [2, 3, 4, 5, 6, 7, 8, 8, 9]


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


def test_what_another_plan_did_meanwhile_is_told(run, sale):
    run("plan sale@2 -o here.json")
    run("plan sale@2 -o there.csv")
    edited(sale / "there.csv", "pilot,decide,,yes", "pilot,decide,demo,yes")
    edited(sale / "there.csv", ",new,stays,new,yes", ",new,stays,talk,yes")
    assert run("apply there.csv").code == 0
    told = run("apply here.json --leave-undecided")
    assert told.code == 3
    assert "deal '00000' was migrated by another plan since; 3 more came over as this plan says" in told.err


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
        assert (name[0] in "bc") or "is no plan" in told.err
    assert run("apply processes/sale/2.yaml").err.startswith("error: 'processes/sale/2.yaml' is no plan")
    run("plan sale@2 -o none.csv --version 1 --stage won")
    assert "'none.csv' holds no deal, so there is nothing to do" in run("apply none.csv").err
    assert run("apply nowhere.json").code == 2
    assert run("plan sale@2 -o plan.pdf").code == 2
    assert run("plan sale@2 --only nobody").code == 2
    assert run("plan sale@3").code == 2


def test_a_side_track_that_waits_leaves_its_deal_where_it_is(run, sale):
    (_, before), _ = loaded(sale, OLD), loaded(sale, NEW)
    one = life(before, "legal", "new", tracks="legal/checked")
    with closing(connect(str(sale / "deals.journal"), create=False)) as journal:
        journal.append(one, after=0, deal=deal_of(one))
    run("plan sale@2 -o plan.csv --only legal")
    told = run("apply plan.csv")
    assert (told.code, "row 2, track:legal: nobody says" in told.err) == (2, True)
    left = run("apply plan.csv --leave-undecided")
    assert (left.code, left.out) == (0, "0 deals came to sale@2\n1 deal stays on its version, and goes on\n")
    edited(sale / "plan.csv", ",,sale@2", ",signed,sale@2")
    assert run("apply plan.csv").code == 0
    assert [(entry.track, entry.to_stage) for entry in entries(sale) if entry.deal == "legal"][-2:] == [
        ("main", "new"),
        ("legal", "signed"),
    ]


def test_a_plan_leads_back_and_over_changes_of_one_version(run, sale):
    run("plan sale@2 -o plan.json --stage call")
    run("apply plan.json")
    edited(sale / "processes" / "sale" / "2.yaml", "Everything is", "Everything else is")
    assert "1 open deal" in run("plan sale@2 --only 00001").out
    back = run("plan sale@1 --only 00001 -o back.json")
    assert json.loads((sale / "back.json").read_text())["lines"][0]["to_stage"] == "call"
    assert back.code == run("apply back.json").code == 0
    assert "in call since 2026-03-04" in run("why 00001").out


def test_a_way_that_breaks_off_is_told(run, sale):
    path = sale / "processes" / "sale" / "4.yaml"
    path.write_text(
        NEW.replace("version: 2\n", "version: 4\n", 1).replace("version: 1", "version: 3"), encoding="utf-8"
    )
    said = "hat became of version 1 is not told, for sale@3 cannot be read: stages are matched by id"
    said += ", and you say where deals go whose stage was called otherwise on the way"
    assert "Every deal has its place" not in run("plan sale@4 --stage call").out
    told = run("plan sale@4 --stage new -o plan.json")
    assert f"W{said}." in " ".join(told.out.split())
    assert json.loads((sale / "plan.json").read_text())["breaks"] == [f"w{said}"]
    assert f"w{said}" in run("apply plan.json --dry-run").out
    assert (
        "no deal is on a version that has a stage 'talk'; sale@2, sale@4 have it" in run("plan sale@2 --stage talk").err
    )
    assert run("plan sale@2 --stage nowhere").code == run("plan sale@2 --version 7").code == 2


def test_what_happened_before_is_told_in_the_words_of_the_version(run, sale):
    run("plan sale@2 -o plan.json")
    run("apply plan.json --leave-undecided")
    told = run("conform sale@2").out
    assert "new > talk > demo, still open" in told
    assert "call" not in told


def test_what_was_filled_in_is_not_lost_when_the_plan_is_made_again(run, sale):
    run("plan sale@2 -o plan.csv")
    edited(sale / "plan.csv", "pilot,decide,,yes,", "pilot,decide,demo,yes,as agreed")
    edited(sale / "plan.csv", "00000,ana,900,1,new,stays,new,yes", "00000,ana,900,1,new,stays,new,no")
    run("record 00004 --note 'she called'")
    assert run("apply plan.csv").code == 3
    before = (sale / "plan.csv").read_bytes()
    assert run("plan sale@2 -o plan.csv").code == 2
    assert (sale / "plan.csv").read_bytes() == before
    assert run("plan sale@2 -o deals.journal --format csv").code == 2
    assert run("advance 00001 lose").code == 0
    again = run("plan sale@2 --decisions plan.csv -o plan.csv")
    assert again.code == 0
    text = (sale / "plan.csv").read_text(encoding="utf-8-sig")
    assert "pilot,decide,demo,yes,as agreed" in text
    assert "00000,ana,900,1,new,stays,new,no" in text
    assert run("apply plan.csv").code == 0


def test_a_row_of_a_deal_that_cannot_come_over_is_named(run, sale):
    assert run("advance 00003 lose").code == 0
    run("plan sale@2 --only 00000 -o plan.csv")
    closed = next(deal for deal in deals_of(sale) if deal.id == "00003")
    base = f" {closed.version} {closed.digest[:16]} {closed.length} 00003"
    row = (sale / "plan.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    made = re.sub(r" 1 [0-9a-f]{16} \S+ 1 00000$", base, row).replace("00000,", "00003,", 1)
    with (sale / "plan.csv").open("a", encoding="utf-8") as file:
        file.write(made + "\n")
    before = entries(sale)
    told = run("apply plan.csv")
    assert (told.code, entries(sale)) == (2, before)
    assert "row 3, deal: deal '00003' cannot come to sale@2: it is closed" in told.err


BY_DAY = "    pilot: [{to: small, when: days_in_stage < 30}, {to: large, when: days_in_stage >= 30}]\n"


@pytest.mark.parametrize("form", ["csv", "json", "xlsx"])
def test_a_split_by_the_day_is_what_it_was_when_the_plan_was_made(run, sale, form):
    path = sale / "processes" / "sale" / "2.yaml"
    text = path.read_text().replace("  actions: {ring: phone}", BY_DAY + "  actions: {ring: phone}")
    path.write_text(text.replace("override: {by: [boss]}\n", ""))
    entered = next(deal.entered_at for deal in deals_of(sale) if deal.id == "00004")
    clock = "engine.commands.plan.datetime"
    with mock.patch(clock, wraps=datetime) as then:
        then.now.return_value = entered + timedelta(days=29)
        assert run(f"plan sale@2 --only 00004 -o plan.{form}").code == 0
    assert run(f"apply plan.{form}").code == 0
    (migrated,) = (entry for entry in entries(sale) if entry.kind is EntryKind.MIGRATED)
    assert (migrated.to_stage, migrated.reason) == ("small", "maps")


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_plan_was_made_after_all_that_it_knows_and_not_in_the_future(run, sale, form):
    run(f"plan sale@2 --only 00000 --only 00001 -o plan.{form}")
    path, before = sale / f"plan.{form}", entries(sale)
    text = path.read_text(encoding="utf-8-sig")
    (made_at,) = set(re.findall(r"20\d\d-\d\d-\d\dT[^\s\",]+", text))
    assert run(f"apply plan.{form} --dry-run").code == 0
    where, ending = ("row 2, base", "Z") if form == "csv" else ("made_at", made_at[-1])
    last = max(deal.last_at for deal in deals_of(sale) if deal.id in ("00000", "00001"))
    for forged, why in (
        (last - timedelta(days=1), "it knows the entry of"),
        (last + timedelta(days=9_000), "that is in the future"),
    ):
        # As a forger would: only where it is read.
        path.write_text(text.replace(made_at, f"{forged:%Y-%m-%dT%H:%M:%S}{ending}", 1), encoding="utf-8")
        told = run(f"apply plan.{form}")
        assert (told.code, entries(sale)) == (2, before)
        assert f"{where}: it was not made at {forged:%Y-%m-%d}" in told.err
        assert why in told.err
