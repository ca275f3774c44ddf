"""Imports month after month, while the process goes on to another version."""

import json

import pytest

MAP = """\
map: crm
process: inside-sales@2
shape: moves
deal: Deal
stage: Stage
happened: When
stages: {New: prospect, Demo: demo, Negotiation: negotiation, Won: won}
"""
MOVES = """\
Deal,Stage,When
D-1,New,2026-01-05
D-1,Demo,2026-01-10
D-1,Negotiation,2026-01-20
D-1,Won,2026-02-01
D-2,New,2026-02-02
D-2,Negotiation,2026-02-20
D-3,New,2026-02-03
"""
SINCE = """\
D-2,Won,2026-03-20
D-3,Demo,2026-03-09
D-4,New,2026-03-10
"""


@pytest.fixture
def gone_on(run, workspace):
    """Deals imported under version 2, of which the open ones came to version 3."""
    (workspace / "moves.csv").write_text(MOVES)
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(MAP)
    assert run("import moves.csv --map crm --at 2026-03-01").code == 0
    text = (workspace / "processes/inside-sales/2.yaml").read_text().replace("negotiation", "contract")
    start, end = text.index("follows:"), text.index("roles:")
    follows = "follows: {version: 2, stages: {negotiation: contract}}\n\n"
    new = (text[:start] + follows + text[end:]).replace("version: 2\ntitle", "version: 3\ntitle")
    (workspace / "processes/inside-sales/3.yaml").write_text(new)
    assert run("plan inside-sales@3 -o plan.json").code == 0
    assert run("apply plan.json --at 2026-03-02 --as ana --role manager").code == 0
    return workspace


@pytest.mark.parametrize("told_before", [MOVES, "Deal,Stage,When\n"])
def test_the_next_month_goes_in_with_a_map_for_the_new_version(run, gone_on, told_before):
    (gone_on / "maps" / "crm.yaml").write_text(MAP.replace("@2", "@3").replace("negotiation", "contract"))
    (gone_on / "next.csv").write_text(told_before + SINCE)
    ran = run("import next.csv --map crm --format json --at 2026-04-01")
    assert ran.code == 0, ran.err
    told = json.loads(ran.out)
    assert told["left_out"] == []
    assert (told["deals"], told["continued"], told["conflicting"]) == (1, 2, 0)
    deals = {row["deal"]: row for row in json.loads(run("deals --format json").out)["rows"]}
    assert (deals["D-2"]["stage"], deals["D-3"]["stage"], deals["D-4"]["stage"]) == ("won", "demo", "prospect")
    again = json.loads(run("import next.csv --map crm --format json --at 2026-05-01").out)
    assert (again["deals"], again["continued"], again["conflicting"]) == (0, 0, 0)


def test_with_the_old_map_it_is_told_what_the_map_has_to_say(run, gone_on):
    (gone_on / "next.csv").write_text(MOVES + SINCE)
    told = run("import next.csv --map crm --at 2026-04-01")
    assert told.code == 1
    assert "let the map say process: inside-sales@3" in " ".join(told.out.split())
