"""The page of a deal: whole, self-contained, readable by people, screen readers and nobody's scripts."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

from engine.report.page import Proof, page
from tests.report.golden import golden
from tests.report.hostile import HOSTILE, spoiled
from tests.report.samples import ENTRIES, PROCESS
from tests.report.test_story import IMPORTED

PROOF = Proof(
    journal="0123456789abcdef" * 2,
    head="ab" * 32,
    verified_at=datetime(2026, 5, 1, 9, tzinfo=UTC),
    definitions=(("inside-sales@2", "d" * 64),),
)
PROCESSES = {entry.digest: PROCESS for entry in ENTRIES}
VOID = {"meta"}


class Outline(HTMLParser):
    """The tags of a page as they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.texts: list[str] = []
        self.labelled: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        self.ids += [str(given["id"])] if "id" in given else []
        self.labelled += [str(given["aria-labelledby"])] if "aria-labelledby" in given else []
        assert not any(name.startswith("on") or name in ("src", "href", "style") for name in given)
        self._open += [] if tag in VOID else [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def told(text: str) -> str:
    return " ".join(" ".join(Outline(text).texts).split())


def test_the_page_of_a_won_deal() -> None:
    golden("page.html", page(PROCESSES, ENTRIES, proof=PROOF, notes=("forgotten on 2026-05-01 by dpo: asked",)))


def test_it_needs_nothing_else_and_runs_nothing() -> None:
    text = page(PROCESSES, ENTRIES, proof=PROOF)
    assert (
        set(Outline(text).tags) & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "a"} == set()
    )
    assert not re.search(r"https?:|url\(|@import|javascript:", text)
    assert "default-src 'none'; style-src 'unsafe-inline'" in text


def test_a_screen_reader_finds_its_way() -> None:
    outline = Outline(page(PROCESSES, ENTRIES, proof=PROOF))
    headings = [tag for tag in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert headings == ["h1", "h2", "h2", *["h3"] * len(ENTRIES)]
    assert len(outline.ids) == len(set(outline.ids))
    assert set(outline.labelled) <= set(outline.ids)
    assert [outline.tags.count(tag) for tag in ("main", "header", "footer")] == [1, 1, 1]
    assert 'lang="en"' in page(PROCESSES, ENTRIES, proof=PROOF)


def test_it_holds_every_verdict_with_its_clauses_and_every_fact() -> None:
    text = told(page(PROCESSES, ENTRIES, proof=PROOF))
    verdicts = [verdict for entry in ENTRIES for verdict in entry.verdicts]
    clauses = [clause for verdict in verdicts for clause in verdict.clauses if not clause.joined]
    assert verdicts
    assert clauses
    assert [verdict.requirement for verdict in verdicts if verdict.requirement not in text] == []
    assert [clause.text for clause in clauses if clause.text not in text] == []
    assert [name for entry in ENTRIES for name in entry.facts if name not in text] == []
    assert [entry.actor for entry in ENTRIES if entry.actor not in text] == []


def test_it_says_what_the_chain_says() -> None:
    fits = told(page(PROCESSES, ENTRIES, proof=PROOF))
    broken = Proof(PROOF.journal, PROOF.head, PROOF.verified_at, ("deal 'acme', entry 3: it was changed",))
    assert "verified" in fits
    assert PROOF.head in fits
    assert "d" * 64 in fits
    assert "does not fit 1 fault: deal 'acme', entry 3: it was changed" in told(page(PROCESSES, ENTRIES, proof=broken))


def test_it_is_told_without_the_definition_and_without_dates() -> None:
    assert "the definition of" in told(page({}, ENTRIES, proof=PROOF))
    assert "no date" in told(page({}, IMPORTED, proof=PROOF))


def spoilt(text: str) -> str:
    processes = {digest + text: spoiled(PROCESS, text) for digest in PROCESSES}
    return page(processes, spoiled(ENTRIES, text), proof=spoiled(PROOF, text), notes=(text,))


def test_hostile_text_is_only_text() -> None:
    hostile = spoilt(HOSTILE + "</title></style></code></p><script>alert(1)</script><img src=x onerror=alert(1)>")
    assert "<script" not in hostile
    assert Outline(hostile).tags == Outline(spoilt("x")).tags
