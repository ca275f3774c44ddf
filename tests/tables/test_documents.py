"""Looking into a column of JSON documents."""

import pyarrow as pa
import pytest

from engine.model.errors import BadValue
from engine.tables.documents import looking_into

PEOPLE = pa.array(['{"name":"Ana \\"A\\"","more":{"a":1}}', "{}", '{"tags":[["x",1],["é"]],"name":null}'])
TAGS = [[[], [], ["x", "é"]], [[], [], ["1"]]]


def test_what_stands_at_a_path_is_a_text_or_written_as_json():
    with looking_into() as documents:
        name, more = documents.single(PEOPLE, ["$.name", "$.more"])
    assert name.to_pylist() == ['Ana "A"', None, None]
    assert more.to_pylist() == ['{"a":1}', None, None]


def test_all_that_stands_at_a_path_with_stars_is_a_list():
    with looking_into() as documents:
        assert [each.to_pylist() for each in documents.each(PEOPLE, ("$.tags[*][0]", "$.tags[*][1]"))] == TAGS


def test_what_is_no_json_is_refused():
    with looking_into() as documents, pytest.raises(BadValue, match="no JSON"):
        documents.single(pa.array(["{"]), ["$.name"])


def test_no_document_is_looked_into_by_way_of_a_file(tmp_path):
    (tmp_path / "secret.json").write_text('{"name":"x"}')
    with looking_into() as documents, pytest.raises(Exception, match=r"external access|disabled|Permission"):
        documents.connection.sql(f"SELECT * FROM read_json('{tmp_path}/secret.json')").fetchall()
