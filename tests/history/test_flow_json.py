"""JSON as an API gives it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.history.read import read
from engine.history.sheet import Layout
from engine.history.sheets import guessed, open_sheet, sample
from engine.loading.maps import load_map
from engine.model.errors import UnreadableFile

MAPS = Path(__file__).parents[2] / "maps"


def change(deal: int, field: str, old: str | None, new: str, at: str) -> dict[str, object]:
    data = {"id": 1, "item_id": deal, "user_id": 11, "field_key": field, "old_value": old, "new_value": new}
    return {"object": "dealChange", "timestamp": at, "data": {**data, "log_time": at, "additional_data": {"a": [1]}}}


FLOW = [
    {
        "success": True,
        "data": [
            change(7, "status", "open", "won", "2026-02-20 08:00:00"),
            {"object": "activity", "timestamp": "2026-02-01 08:00:00", "data": {"id": 3, "subject": "Call"}},
            change(7, "stage_id", "1", "3", "2026-01-19 10:30:00"),
            change(7, "value", "5000", "6500", "2026-01-10 10:30:00"),
            change(7, "add_time", None, "2026-01-05 09:00:00", "2026-01-05 09:00:00"),
        ],
    },
    {"success": True, "data": [change(8, "stage_id", "1", "2", "2026-01-14 11:00:00")]},
]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(FLOW),
        "\n".join(json.dumps(answer) for answer in FLOW),
        "\ufeff" + json.dumps([item for answer in FLOW for item in answer["data"]], indent=2),
    ],
    ids=["a list of answers", "an answer a line", "a list of what happened"],
)
def test_a_flow_of_pipedrive_is_read_by_its_preset_however_it_was_kept(tmp_path, text):
    path = tmp_path / "flow.json"
    path.write_text(text, encoding="utf-8")
    map_ = load_map(MAPS / "pipedrive.yaml").value
    assert map_ is not None
    export = read(path, map_)
    assert [[move.to_stage for move in deal.moves] for deal in export.deals] == [["1", "3", "won"], ["1", "2"]]
    assert [str(deal.moves[0].happened_at)[:10] for deal in export.deals] == ["2026-01-05", "None"]
    assert export.notes == ("in the flow and no change of a deal: activity (1)",)
    assert (export.rows, export.is_whole) == (5, True)


def test_a_cell_is_named_by_its_object_and_field(tmp_path):
    path = tmp_path / "flow.json"
    path.write_text(json.dumps([change(7, "stage_id", "1", "3", "soon")]), encoding="utf-8")
    map_ = load_map(MAPS / "pipedrive.yaml").value
    assert map_ is not None
    assert [cell.cell for cell in read(path, map_).bad_cells] == ["object 1, log_time"]


def test_plain_objects_are_rows_and_what_is_nested_stays_json(tmp_path):
    path = tmp_path / "deals.json"
    path.write_text('[{"deal": 1, "won": true, "tags": ["a"]}, {"deal": 2, "note": null}]', encoding="utf-8")
    sheet = sample(path)
    assert {name: [column.text(row) for row in (0, 1)] for name, column in sheet.columns.items()} == {
        "deal": ["1", "2"],
        "won": ["true", ""],
        "tags": ['["a"]', ""],
        "note": ["", ""],
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"data": [', "broken JSON: line 1"),
        ('{"a": 1} {"b": ', "broken JSON"),
        ("[]", "holds no objects"),
        ('{"a": ' * 100_000, "nested too deeply"),
        ('{"a": ' + "9" * 10_000 + "}", "a number too long"),
    ],
)
def test_what_is_no_json_is_said_with_its_place(tmp_path, text, told):
    path = tmp_path / "flow.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UnreadableFile, match=told):
        open_sheet(path, Layout())


def test_a_csv_whose_first_column_is_in_brackets_is_no_json(tmp_path):
    path = tmp_path / "deals.csv"
    path.write_text("[Deal],Stage\n1,New\n", encoding="utf-8")
    assert list(sample(path).columns) == ["[Deal]", "Stage"]


def test_what_is_no_csv_has_no_encoding_to_guess(tmp_path):
    path = tmp_path / "deals.json"
    path.write_bytes(b'[{"deal": "M;;;;;;ller"}]')
    assert guessed(path) == Layout()
