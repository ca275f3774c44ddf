"""Two readers of XES, one of them for logs as programs write them: whatever it reads, it reads as the other does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.history.quick_xes import parse_quickly
from engine.history.xes import parse_slowly
from engine.history.xes_log import CASE, Log
from engine.model.errors import UnreadableFile

VALUES = st.sampled_from(
    ("x", "", "é€", "a &amp; b", "&#65;&#x42;", "  x ", "2026-01-02", "key=", "&quot;q&quot;", "&#10;")
)
KEYS = st.sampled_from(("concept:name", "time:timestamp", "a", "b", "key"))
USUAL = st.builds('<string key="{}" value="{}"/>'.format, KEYS, VALUES)
ODD = st.sampled_from(
    (
        "<string key='a' value='1'/>",
        '<string value="1" key="a"/>',
        '<string key="a" value="1"></string>',
        '<string key="a" value="1"><string key="b" value="2"/></string>',
        '<string key="a" value="1>2"/>',
        '<string key = "a" value="1" />',
        '<string key="a" value="1" />',
        '<string\nkey="a" value="1\n2"/>',
        '<string key="&#97;" value="1"/>',
        '<list key="l"><values/></list>',
        "<string/>",
        "<!-- text -->",
        '<!-- <string key="a" value="0"/> -->',
        "<![CDATA[<event>]]>",
        "<?pi > <?>",
        "text \" = ' > text",
        "<eventual/>",
        "<event/>",
        "<trace/>",
        "</event>",
    )
)
ATTRIBUTES = st.lists(USUAL | USUAL | USUAL | ODD, max_size=4).map("\n".join)
EVENTS = st.lists(ATTRIBUTES.map("<event>{}</event>".format) | ATTRIBUTES, max_size=4).map("".join)
TRACES = st.lists(EVENTS.map("<trace>{}</trace>".format) | ATTRIBUTES.map("<global>{}</global>".format), max_size=4)
LOGS = TRACES.map("".join).map('<?xml version="1.0"?>\n<!-- made --><log a="1">{}</log>'.format)
WANTED = st.sampled_from((frozenset(), frozenset(("a", "case:a", "concept:name"))))


def told(log):
    columns = {
        name: column.whole(len(log.starts) if name.startswith(CASE) else log.events)
        for name, column in log.columns.items()
    }
    cells = {name: [column.text(row) for row in range(len(column))] for name, column in columns.items()}
    return (cells, set(log.unread), log.starts.tolist(), log.events, log.nested, log.astray)


def slowly(path, wanted):
    log = Log(wanted, 1_000)
    try:
        parse_slowly(path, log)
    except UnreadableFile:
        return None
    return told(log)


def quickly(path, wanted):
    log = Log(wanted, 1_000)
    return told(log) if parse_quickly(path, log) else None


@settings(deadline=None, max_examples=300)
@given(LOGS, WANTED)
def test_what_both_read_they_read_alike(tmp_path_factory, text, wanted):
    path = tmp_path_factory.getbasetemp() / "log.xes"
    path.write_text(text, encoding="utf-8")
    assert quickly(path, wanted) in (None, slowly(path, wanted))


def test_a_log_is_followed_over_the_parts_that_are_read(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.history.quick_xes._PART", 100)
    path = tmp_path / "log.xes"
    events = [
        f'<event><string key="a" value="{"x" * (n % 90)}"/><date key="b" value="{n}&amp;"/></event>' for n in range(90)
    ]
    traces = [
        f'<trace><string key="concept:name" value="D{n}"/>{"".join(events[n : n + n % 5])}</trace>' for n in range(90)
    ]
    path.write_text(f"<log>{''.join(traces)}</log>")
    assert quickly(path, frozenset()) == slowly(path, frozenset()) is not None


@pytest.mark.parametrize("piece", ["<!-- text -->", "&#65;", '<string key="b" value="&lt;"/>', "", "\n\t"])
def test_a_log_as_programs_write_it_is_read_quickly(tmp_path, piece):
    path = tmp_path / "log.xes"
    event = f'<event><string key="a" value="é"/>{piece}</event>'
    path.write_text(f'<log><trace><string key="concept:name" value="D"/>{event * 3}</trace></log>', encoding="utf-8")
    assert quickly(path, frozenset()) == slowly(path, frozenset()) is not None
