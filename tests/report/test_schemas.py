from __future__ import annotations

import json

import jsonschema
import pytest

from engine.model.errors import UnknownName
from engine.report import schemas
from tests.report.hostile import HOSTILE
from tests.report.outputs import outputs

DOCUMENTS = {
    f"{name}, {manner}": text
    for manner, told in (("plain", outputs("")), ("hostile", outputs(HOSTILE)))
    for name, text in told.items()
    if text.startswith('{\n  "schema"')
}


def _kind(document: str) -> str:
    return str(json.loads(document)["schema"].split("/")[1])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_json_document_fits_its_schema(name: str) -> None:
    document = DOCUMENTS[name]
    kind = _kind(document)

    jsonschema.validate(json.loads(document), schemas.schema(kind if kind in schemas.KINDS else "table") | _any(kind))


def _any(kind: str) -> dict[str, object]:
    """Tables of other kinds have the shape of any table, under their own name."""
    if kind in schemas.KINDS:
        return {}
    shape = schemas.schema("table")
    return {"properties": {**shape["properties"], "schema": {"const": f"stagewright/{kind}/1"}}}


@pytest.mark.parametrize("kind", schemas.KINDS)
def test_every_schema_is_one(kind: str) -> None:
    jsonschema.Draft7Validator.check_schema(schemas.schema(kind))


def test_every_kind_is_printed_by_something() -> None:
    # A seal is written by the journal itself; the tests of its command hold it against its schema.
    assert {*schemas.KINDS} - {_kind(document) for document in DOCUMENTS.values()} == {"table", "seal"}


def test_a_document_that_lacks_a_part_does_not_fit() -> None:
    document = json.loads(outputs("")["options"])
    del document["rows"][0]["verdicts"]

    with pytest.raises(jsonschema.ValidationError, match="'verdicts' is a required property"):
        jsonschema.validate(document, schemas.schema("options"))


def test_an_unknown_kind_names_the_nearest() -> None:
    with pytest.raises(UnknownName, match="there is no kind of document 'storey'") as caught:
        schemas.schema("storey")

    assert caught.value.hint == "did you mean 'story'?"
