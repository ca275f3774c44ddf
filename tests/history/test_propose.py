"""Maps proposed from files that have none."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history.propose import propose
from engine.history.read import read
from engine.loading.document import parse_text
from engine.loading.map_text import map_text
from engine.loading.maps import load_map, read_map
from engine.model.errors import UnreadableFile
from engine.model.map import Column, Known, Map, Shape
from engine.model.proposal import Proposal
from tests.history.test_read_moves import newest_first

DATA = Path(__file__).parents[3] / "shared" / "data"
real = pytest.mark.skipif(not DATA.is_dir(), reason="the real exports are not here")


def of(folder: Path, text: str) -> Proposal:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return propose(path)


def loaded(proposal: Proposal) -> Map:
    """The map that its text is, which must load without a finding."""
    found = read_map(parse_text(map_text(proposal), "map.yaml"), Path("map.yaml"))
    assert found.findings == ()
    assert found.value is not None
    return found.value


ROWS = "Deal ID,Stage,Changed on,Changed by,Amount\n" + "".join(
    f"D{deal},{stage},2026-01-0{day},ana,100\n"
    for deal in range(9)
    for day, stage in enumerate(["Lead", "Demo", "Offer", "Won" if deal % 2 else "Lost"], start=1)
)


def test_rows_of_stages_entered_are_moves_in_the_order_deals_took(tmp_path):
    proposal = of(tmp_path, ROWS)
    map_ = proposal.map
    assert (map_.shape, map_.deal, map_.stage, map_.happened) == (Shape.MOVES, "Deal ID", "Stage", "Changed on")
    assert (map_.actor, map_.process) == ("Changed by", "")
    assert list(map_.stages.items())[:3] == [("Lead", "lead"), ("Demo", "demo"), ("Offer", "offer")]
    assert map_.ends == {"won": "won", "lost": "lost"}
    assert proposal.because["deal"] == "9 different ones in 36 rows"


def test_why_deals_were_lost_is_the_reason_and_no_fact(tmp_path):
    why = {"Lost": "Price", "Won": ""}
    lines = ROWS.splitlines()
    text = "\n".join([f"{lines[0]},Lost reason", *(f"{line},{why.get(line.split(',')[1], '')}" for line in lines[1:])])
    map_ = loaded(of(tmp_path, text + "\n"))
    assert map_.reason == Column("Lost reason")
    assert not map_.facts


def test_a_proposal_loads_as_the_map_that_it_is(tmp_path):
    proposal = of(tmp_path, ROWS)
    map_ = loaded(proposal)
    assert (map_.stages, map_.ends, map_.facts) == (proposal.map.stages, proposal.map.ends, proposal.map.facts)
    assert (map_.happened, map_.actor, map_.ignore) == (proposal.map.happened, "Changed by", proposal.map.ignore)


def test_a_row_a_deal_with_columns_of_dates_is_of_the_shape_deals(tmp_path):
    text = "Opportunity ID,Owner,Stage,Date entered Demo,Close date,Amount\n"
    text += "1,ana,Demo,2026-01-02,,\n2,bo,Won,2026-01-02,2026-02-01,500\n3,bo,Lost,2026-01-03,2026-02-02,900\n"
    map_ = of(tmp_path, text).map
    assert (map_.shape, map_.owner) == (Shape.DEALS, "Owner")
    assert map_.entered == {"demo": "Date entered Demo", "won": "Close date", "lost": "Close date"}
    assert map_.facts == {"amount": Column("Amount", known=Known.CLOSE, type="money")}


def test_stages_with_dates_of_their_own_stand_in_the_order_of_these(tmp_path):
    head = 'ID,Deal Stage,Date entered "Offer",Date entered "Demo",Date entered "Qualified",Close date\n'
    rows = ["2026-01-09,2026-01-05,2026-01-02,,Offer", ",2026-01-05,2026-01-03,,Demo", ",,2026-01-04,,Qualified"]
    rows += ["2026-01-30,,2026-01-06,2026-02-01,Won", ",2026-01-08,2026-01-07,2026-02-02,Lost"] * 12
    told = (each.rsplit(",", 1) for each in rows)
    text = head + "".join(f"{place},{stage},{dates}\n" for place, (dates, stage) in enumerate(told))
    proposal = of(tmp_path, text)
    assert list(proposal.map.stages) == ["Qualified", "Demo", "Offer", "Won", "Lost"]
    assert "stages" not in proposal.unsure
    assert proposal.because["stages"] == "in the order of their dates"


def test_one_date_alone_dates_the_present_stage_and_no_other(tmp_path):
    text = "Deal,Stage,Since,Owner,Amount\nA,Lead,2026-01-02,ana,5\nB,Won,2026-01-04,bo,7\nC,Demo,2026-01-05,bo,9\n"
    proposal = of(tmp_path, text)
    assert (proposal.map.shape, proposal.map.happened, proposal.map.entered) == (Shape.MOVES, "Since", {})
    assert "shape" in proposal.unsure


def test_day_and_month_that_could_be_the_other_way_round_are_said(tmp_path):
    text = "Deal,Stage,Date\nA,Lead,02/01/2026\nA,Won,03/04/2026\nB,Lead,05/06/2026\nB,Won,07/08/2026\n"
    proposal = of(tmp_path, text)
    assert proposal.map.dates == ("%d/%m/%Y",)
    assert "file/dates" in proposal.unsure
    assert "check this: no day is above 12" in map_text(proposal)


def test_one_day_above_twelve_settles_it(tmp_path):
    proposal = of(tmp_path, "Deal,Stage,Date\nA,Lead,02/25/2026\nA,Won,03/04/2026\nB,Lead,03/05/2026\n")
    assert proposal.map.dates == ("%m/%d/%Y",)
    assert "file/dates" not in proposal.unsure


def test_one_column_settles_day_and_month_of_another(tmp_path):
    text = "Deal,Stage,Date,Due\nA,Lead,02/01/2026,25/02/2026\nA,Won,03/04/2026,26/03/2026\nB,Lead,05/06/2026,\n"
    assert of(tmp_path, text).map.dates == ("%d/%m/%Y",)


@pytest.mark.parametrize(
    ("cells", "signs"),
    [
        (["1.234,50", "700"], (",", ".")),
        (["1,234.50", "700"], (".", ",")),
        (["12,5", "700,25"], (",", "")),
        (["1,234", "12,500"], (".", ",")),
        (["1200.5", "3"], (".", "")),
        (["€ 1.234,50", "(€ 700,00)"], (",", ".")),
    ],
)
def test_the_signs_of_numbers_are_read_from_the_numbers(tmp_path, cells, signs):
    first, second = cells
    text = f"Deal;Stage;Date;Amount\nA;Lead;2026-01-02;{first}\nA;Won;2026-01-03;{second}\nB;Lead;2026-01-03;\n"
    map_ = of(tmp_path, text).map
    assert (map_.delimiter, map_.decimal, map_.thousands) == (";", *signs)
    assert map_.facts["amount"].type == "money"


CHANGES = "OpportunityId,Field,OldValue,NewValue,CreatedDate,CreatedById\n" + "".join(
    f"{deal},created,,,2026-01-01T00:00:00Z,u1\n"
    f"{deal},StageName,Lead,Demo,2026-01-02T00:00:00Z,u1\n"
    f"{deal},Amount,,500,2026-01-02T00:00:00Z,u1\n"
    f"{deal},StageName,Demo,Closed Won,2026-01-03T00:00:00Z,u1\n"
    for deal in "ABC"
)


def test_a_history_of_fields_is_of_the_shape_changes(tmp_path):
    map_ = of(tmp_path, CHANGES).map
    assert (map_.shape, map_.property, map_.value, map_.before) == (Shape.CHANGES, "Field", "NewValue", "OldValue")
    assert (map_.stage, map_.created, map_.happened) == ("StageName", "created", "CreatedDate")
    assert (map_.stages, map_.ends) == (
        {"Lead": "lead", "Demo": "demo", "Closed Won": "closed-won"},
        {"closed-won": "won"},
    )
    assert map_.facts == {"amount": Column("Amount", type="money")}


def test_a_flow_in_which_stages_are_numbers_has_its_ends_from_the_status(tmp_path):
    text = "item_id,field_key,old_value,new_value,log_time\n" + "".join(
        f"{deal},stage_id,1,3,2026-01-0{deal} 09:00:00\n{deal},status,open,won,2026-02-0{deal} 09:00:00\n"
        for deal in (1, 2)
    )
    proposal = of(tmp_path, text)
    assert (proposal.map.stage, proposal.map.outcome, proposal.map.stages) == ("stage_id", "status", {})
    assert proposal.because["outcome"] == "its values are ends: won"
    export = read(tmp_path / "export.csv", loaded(proposal))
    assert [[move.to_stage for move in deal.moves] for deal in export.deals] == [["1", "3", "won"]] * 2


def test_what_cannot_be_a_stage_is_said_with_the_columns_there_are(tmp_path):
    with pytest.raises(UnreadableFile, match="says that it names the stage") as raised:
        of(tmp_path, "Deal ID,Colour of the sky\n1,pale\n2,blue\n")
    assert "'Colour of the sky'" in raised.value.hint


def test_a_file_with_column_names_alone_is_said_to_have_no_rows(tmp_path):
    with pytest.raises(UnreadableFile, match="has no rows"):
        of(tmp_path, "Deal ID,Stage\n")


def test_names_that_yaml_would_take_for_something_else_are_quoted(tmp_path):
    text = "Deal,Stage,Date\n" + "".join(
        f"D{deal},{stage},2026-01-0{day}\n"
        for deal in range(4)
        for day, stage in enumerate(["yes", "0x1F", "a: b # c", '"say ""no"""', "Won"], start=1)
    )
    proposal = of(tmp_path, text)
    assert list(loaded(proposal).stages) == ["yes", "0x1F", "a: b # c", 'say "no"', "Won"]


@real
def test_the_pipeline_of_a_reseller():
    map_ = propose(DATA / "maven-crm" / "sales_pipeline.csv").map
    assert (map_.shape, map_.deal, map_.stage, map_.owner) == (
        Shape.DEALS,
        "opportunity_id",
        "deal_stage",
        "sales_agent",
    )
    assert map_.entered == {"engaging": "engage_date", "won": "close_date", "lost": "close_date"}
    assert list(map_.stages.values()) == ["prospecting", "engaging", "won", "lost"]
    assert map_.facts["amount"] == Column("close_value", known=Known.CLOSE, type="money")


@real
def test_a_history_of_salesforce():
    map_ = propose(DATA / "salesforce-devorg" / "OpportunityHistory.csv").map
    assert (map_.shape, map_.deal, map_.stage, map_.happened) == (
        Shape.MOVES,
        "OpportunityId",
        "StageName",
        "CreatedDate",
    )
    assert map_.dates == ("%m/%d/%y %I:%M %p", "%m/%d/%y")
    assert list(map_.stages)[:3] == ["Prospecting", "Qualification", "Needs Analysis"]
    assert map_.ends == {"closed-won": "won", "closed-lost": "lost"}


@real
def test_a_log_of_loan_applications():
    map_ = propose(DATA / "bpic2012" / "bpic2012.xes.gz").map
    assert (map_.shape, map_.where) == (Shape.EVENTS, {"lifecycle:transition": ("COMPLETE",)})
    assert list(map_.stages) == [
        "A_SUBMITTED",
        "A_PARTLYSUBMITTED",
        "A_PREACCEPTED",
        "A_ACCEPTED",
        "A_FINALIZED",
        "A_APPROVED",
        "A_DECLINED",
        "A_CANCELLED",
    ]
    assert map_.ends == {"approved": "won", "declined": "lost", "cancelled": "lost"}
    assert (map_.touchpoints, map_.leave_out) == ({"W_*": "work"}, ("O_*", "A_REGISTERED", "A_ACTIVATED"))
    assert map_.facts["amount"] == Column("case:AMOUNT_REQ", known=Known.START, type="money")


@real
@pytest.mark.parametrize("name", ["running-example.xes", "running-example.csv"])
def test_a_small_log(name):
    map_ = propose(DATA / "running-example" / name).map
    assert (map_.deal, map_.stage, map_.happened) == ("case:concept:name", "concept:name", "time:timestamp")
    assert (len(map_.stages), next(iter(map_.stages))) == (8, "register request")
    assert map_.ends == {"pay-compensation": "won", "reject-request": "lost"}


@real
def test_of_three_times_the_one_when_it_began_is_taken_and_said_to_be_unsure():
    proposal = propose(DATA / "loanapp" / "LoanApp_simplified_train.csv.gz")
    assert proposal.map.happened == "start_time"
    assert "happened" in proposal.unsure
    assert proposal.because["happened"].endswith("also times: end_time, enabled_time")
    assert proposal.map.ends == {
        "cancel-application": "lost",
        "approve-application": "won",
        "reject-application": "lost",
    }


@real
def test_a_log_of_permits():
    map_ = propose(DATA / "receipt" / "receipt.xes.gz").map
    assert (len(map_.stages), next(iter(map_.stages))) == (27, "Confirmation of receipt")
    assert (map_.happened, map_.actor) == ("time:timestamp", "org:resource")


@real
def test_the_layouts_of_a_warehouse():
    history = propose(DATA / "fivetran-crm-seeds" / "hubspot_deal_property_history_data.csv").map
    assert (history.shape, history.deal, history.property) == (Shape.CHANGES, "deal_id", "name")
    stages = propose(DATA / "fivetran-crm-seeds" / "hubspot_deal_stage_data.csv").map
    assert (stages.deal, stages.stage, stages.happened) == ("deal_id", "value", "date_entered")
    changed = propose(DATA / "fivetran-crm-seeds" / "sf_opportunity_history_data.csv").map
    assert (changed.deal, changed.stage, changed.happened) == ("id", "stage_name", "_fivetran_start")


@real
@pytest.mark.parametrize(
    ("name", "file", "deals"),
    [
        ("hubspot-stages", "hubspot_deal_stage_data.csv", 14),
        ("salesforce-warehouse", "sf_opportunity_history_data.csv", 10),
    ],
)
def test_the_shipped_maps_of_a_warehouse_read_its_tables(name, file, deals):
    map_ = load_map(Path(__file__).parents[2] / "maps" / f"{name}.yaml").value
    assert map_ is not None
    export = read(DATA / "fivetran-crm-seeds" / file, map_)
    assert (export.deal_count, export.moves, export.is_whole) == (deals, deals, True)


_NAMES = st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=12), max_size=5)
_CELL = st.one_of(
    st.sampled_from(
        ["", "A", "New", "Won", "2026-01-02", "02/03/2026", "1,5", "(3)", "true", "#", "a: b", "{", "-", "*"]
    ),
    st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=8),
)


@settings(deadline=None, max_examples=150)
@given(st.data())
def test_whatever_the_file_holds_the_proposal_loads_or_the_reason_is_said(tmp_path_factory, data):
    names = ["Deal ID", "Stage", "Changed on", *data.draw(_NAMES)]
    rows = data.draw(st.lists(st.lists(_CELL, min_size=len(names), max_size=len(names)), min_size=1, max_size=8))
    path = tmp_path_factory.mktemp("any") / "any.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *([f"D{place % 3}", *row[1:]] for place, row in enumerate(rows))])
    try:
        proposal = propose(path)
    except UnreadableFile as error:
        assert str(error)  # noqa: PT017 - either way is right
        return
    found = read_map(parse_text(map_text(proposal), "map.yaml"), Path("map.yaml"))
    assert [each.message for each in found.findings if each.severity.value == "error"] == []
    assert found.value is not None
    assert dict(found.value.stages) == dict(proposal.map.stages)
    assert found.value.ignore == proposal.map.ignore


def test_a_file_that_is_newest_first_has_its_ends_last(tmp_path):
    map_ = of(tmp_path, newest_first()).map
    assert list(map_.stages.values())[:2] == ["new", "talking"]
    assert map_.ends == {"won": "won", "lost": "lost"}


def test_columns_that_write_day_and_month_the_other_way_round_are_not_read_by_one_map(tmp_path):
    text = "Deal,Stage,Due,Date\nA,Lead,02/25/2026,02/01/2026\nA,Won,03/04/2026,25/01/2026\nB,Lead,,05/06/2026\n"
    proposal = of(tmp_path, text)
    assert (proposal.map.dates, proposal.map.happened, proposal.map.ignore) == (("%d/%m/%Y",), "Date", ("Due",))
    assert "check this: 'Due' is left out" in map_text(proposal)


@pytest.mark.parametrize(
    ("delimiter", "cells", "signs", "doubt"),
    [
        (",", ("2.100", "3.000"), (".", ""), "2.100 could be two thousand one hundred"),
        (";", ("2.100", "3.000"), (",", "."), ""),
        (";", ("2,100", "3,000"), (".", ","), "2,100 could be 2,1 with a decimal comma"),
        (";", ("2 100,50", "3 000,00"), (",", " "), ""),
        (";", ("2\u202f100,50", "3\u00a0000,00 €"), (",", " "), ""),
        (",", ("1.234", "0.5"), (".", ""), ""),
    ],
)
def test_three_digits_after_a_sign_are_doubted_where_nothing_decides(tmp_path, delimiter, cells, signs, doubt):
    rows = [("Deal", "Stage", "Date", "Amount"), ("A", "Lead", "2026-01-02", cells[0]), ("B", "Won", "", cells[1])]
    proposal = of(tmp_path, "\n".join(delimiter.join(row) for row in rows) + "\n")
    assert (proposal.map.decimal, proposal.map.thousands) == signs
    assert ("facts/amount" in proposal.unsure) == bool(doubt)
    assert doubt in proposal.because["facts/amount"]


def dated(days: list[str], deals: str = "D{}") -> str:
    rows = [f"{deals.format(place // 2)},{'Won' if place % 2 else 'Lead'},{day}" for place, day in enumerate(days)]
    return "Deal,Stage,Date\n" + "\n".join(rows) + "\n"


def test_one_bad_date_does_not_make_a_column_no_date(tmp_path):
    proposal = of(tmp_path, dated([f"{day:02}.01.2026" for day in range(1, 25)] + ["31.02.2026", "25.01.2026"]))
    assert (proposal.map.happened, proposal.map.dates) == ("Date", ("%d.%m.%Y",))
    assert proposal.because["happened"].startswith("1 of 26 cells cannot be read: C26 '31.02.2026'")
    assert "happened" in proposal.unsure


def test_days_and_months_that_are_mixed_in_a_column_are_said_to_be(tmp_path):
    proposal = of(tmp_path, dated(["13/01/2026", "14/01/2026", "15/01/2026", "01/16/2026", "01/17/2026", "18/01/2026"]))
    assert proposal.map.dates == ("%d/%m/%Y",)
    assert "2 of 6 cells cannot be read: C5 '01/16/2026', C6 '01/17/2026'" in proposal.because["happened"]
    assert "the other way round" in proposal.because["happened"]


def test_a_row_without_a_deal_does_not_make_a_file_one_of_no_deals(tmp_path):
    proposal = of(tmp_path, "Deal,Stage,Date\nA,Lead,2026-01-02\n,Won,2026-01-03\nB,Lead,2026-01-04\n")
    assert proposal.map.deal == "Deal"
    assert proposal.because["deal"] == "2 different ones in 3 rows; 1 without a name"
    assert "deal" in proposal.unsure


def test_a_file_of_one_row_has_a_deal(tmp_path):
    proposal = of(tmp_path, "Deal,Stage,Date\nA,Lead,2026-01-02\n")
    assert proposal.map.deal == "Deal"
    assert "deal" in proposal.unsure


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("Vorgang;Phase;Datum;Betreuer;Umsatz", ("Vorgang", "Phase", "Datum", "Betreuer", "Umsatz")),
        ("Geschäft;Vertriebsphase;Geändert am;Zuständig;Betrag", None),
        ("Affaire;Étape;Date;Responsable;Montant", None),
        ("Oportunidad;Etapa;Fecha;Vendedor;Importe", None),
        ("Verkoopkans;Fase;Datum;Eigenaar;Bedrag", None),
    ],
)
def test_headers_of_other_languages_are_known(tmp_path, header, found):
    rows = [f"D{n};{s};2026-01-0{d};ana{n};{100 + n}" for n in range(4) for d, s in enumerate(["A", "B", "Won"], 1)]
    map_ = of(tmp_path, "\n".join([header, *rows]) + "\n").map
    told = (map_.deal, map_.stage, map_.happened, map_.owner, map_.facts["amount"].column)
    assert told == (found or tuple(header.split(";")))


def test_where_no_column_is_called_a_deal_one_is_guessed_and_to_be_checked(tmp_path):
    rows = [f"Q{n},{s},2026-01-0{d},x" for n in range(9) for d, s in enumerate(["Aa", "Bb", "Cc"], 1)]
    proposal = of(tmp_path, "\n".join(["Foo,Bar,Baz,Qux", *rows]) + "\n")
    assert (proposal.map.deal, proposal.map.stage, proposal.map.happened) == ("Foo", "Bar", "Baz")
    assert {"deal", "stage"} <= proposal.unsure


def events(names: list[str]) -> str:
    rows = [f"D{n},{name},2026-01-{d:02}" for n in range(6) for d, name in enumerate(names, 1)]
    return "\n".join(["Deal,Event,Date", *rows]) + "\n"


def test_what_is_called_a_contact_is_no_stage_though_it_happens_once(tmp_path):
    proposal = of(tmp_path, events(["Interested", "Call intro", "Email opened", "Meeting", "Offer", "Won"]))
    assert list(proposal.map.stages) == ["Interested", "Offer", "Won"]
    assert dict(proposal.map.touchpoints) == {"Call intro": "call", "Email opened": "email", "Meeting": "meeting"}
    assert "touchpoints/Call intro" in proposal.unsure


def test_events_without_a_word_of_contact_say_where_contacts_are_named(tmp_path):
    assert any("'touchpoints'" in said for said in of(tmp_path, events(["Interested", "Offer", "Won"])).says)
