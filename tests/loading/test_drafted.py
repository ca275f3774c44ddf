"""A draft as YAML: what people read, and what becomes of it when it is drafted again after they changed it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.analysis.draft.draft import draft
from engine.checks.run import check_process
from engine.loading.document import parse_text
from engine.loading.drafted import Written, new_text, text_into
from engine.loading.drafted_forms import evidence_in, figure_in, remark_in
from engine.loading.drafted_lines import MARK, Entry, quoted, sections
from engine.loading.processes import load_process
from engine.loading.written import text as text_of
from engine.model.draft import Draft, Drafting, Order
from engine.model.errors import UnreadableFile, UnwritableFile
from engine.model.process import Process
from tests.analysis.dealing import BEGIN, DAY, FACTS, LAST_DAY, LINE, Entered, Made, outline, tables_of, team

TODAY = date(2026, 3, 31)
STAGES = "lead demo won lost"


def ways(*told: tuple[int, str], step: float = 2.0) -> list[Made]:
    """Deals through the stages of each text, one begun a day, two days a stage, lost for one reason."""
    one_by_one = [way.split() for many, way in told for _ in range(many)]
    return [
        Made(
            f"D{number}",
            tuple(
                Entered(stage, number + step * at, reason="Too dear" if stage == "lost" else "")
                for at, stage in enumerate(way)
            ),
        )
        for number, way in enumerate(one_by_one)
    ]


def drafted(*told: tuple[int, str], stages: str = STAGES, step: float = 2.0) -> Draft:
    asked = Drafting(order=Order.TOLD, as_of=datetime(2024, 6, 30, tzinfo=UTC), source="deals.csv")
    return draft(tables_of(ways(*told, step=step)), outline(stages.split()), asked=asked)


FIRST = ((30, "lead demo won"), (20, "lead lost"), (10, "lead demo lost"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The draft of the first deals, written to its file."""
    path = tmp_path / "processes/sales/1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(new_text(drafted(*FIRST), on=TODAY).text)
    return path


def again(path: Path, *told: tuple[int, str], stages: str = STAGES, step: float = 2.0) -> Written:
    return text_into(path, drafted(*(told or FIRST), stages=stages, step=step), on=TODAY)


def changed(path: Path, old: str, new: str) -> None:
    before = path.read_text()
    assert old in before
    path.write_text(before.replace(old, new, 1))


def read(path: Path) -> Process:
    loaded = load_process(path)
    assert loaded.value is not None, loaded.findings
    assert not [*check_process(loaded.value), *loaded.findings]
    return loaded.value


def test_a_draft_reads_like_a_file_that_somebody_wrote_with_its_evidence_beside_each_line(file):
    assert (
        file.read_text()
        == """\
# yaml-language-server: $schema=../../schemas/process.json
# A first draft, drawn from deals that happened. The comments that begin with '# |' say what each part rests on.
# Change what you like: drafting into this file again refreshes these comments, and the figures that you left alone.
# Next: correct the names, say why it is so ('because'), and run 'stagewright check'.
# | drafted: 2026-03-31 from deals.csv: 60 deals, 60 of them closed, followed until 2024-06-30
# | stages: lead, demo, won, lost
# | actions: to-demo, win, lose
process: sales
version: 1
because:  # say here why deals are sold like this

stages:
  lead:               # | 60 of 60 deals (100 %)
    probability: 50%  # | 50%: 30 of 60 decided deals were won (50 %)
    target: 2d        # | 2d: half of the 40 visits that went on took no longer
    alert: 2d         # | 2d: nine of ten of the 40 visits that went on took no longer
  demo:               # | 40 of 60 deals (67 %)
    probability: 75%  # | 75%: 30 of 40 decided deals were won (75 %)
    target: 2d        # | 2d: half of the 30 visits that went on took no longer
    alert: 2d         # | 2d: nine of ten of the 30 visits that went on took no longer
  won: {ends: won}    # | 30 of 60 deals (50 %)
  lost: {ends: lost}  # | 30 of 60 deals (50 %)

actions:
  to-demo: {from: lead, to: demo}  # | 40 of 60 moves from lead (67 %)
  win: {from: demo, to: won}       # | 30 of 40 moves from demo (75 %)
  lose:                            # | 30 moves: 33 % of those from lead, 25 % of those from demo
    from: open
    to: lost
    reasons:
      too-dear: Too dear  # | 30 of 30 reasons (100 %)
"""
    )


def test_check_has_nothing_to_say_about_it_and_it_reads_back_as_it_was_drafted(file):
    found, meant = read(file), drafted(*FIRST).process
    assert (found.main.stages, found.main.actions) == (meant.main.stages, meant.main.actions)


def test_a_team_with_facts_contacts_and_a_requirement_reads_back_equal(tmp_path):
    made = draft(tables_of(team(), FACTS), outline(LINE, facts=FACTS), asked=Drafting(as_of=BEGIN + LAST_DAY * DAY))
    path = tmp_path / "processes/sales/1.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(new_text(made, on=TODAY).text)
    found = read(path)
    assert found.main.stages == made.process.main.stages
    assert found.main.actions == made.process.main.actions
    known_by_their_form(made)
    assert (found.facts, found.touchpoints) == (made.process.facts, made.process.touchpoints)
    assert text_into(path, made, on=TODAY) == Written(path.read_text())


def test_drafted_again_from_the_same_deals_every_byte_is_the_same(file):
    assert again(file) == Written(file.read_text())


def test_figures_and_evidence_are_those_of_the_new_deals(file):
    text = again(file, (45, "lead demo won"), (15, "lead lost"), step=10.0).text
    assert "    probability: 75%  # | 75%: 45 of 60 decided deals were won (75 %)\n    target: 10d  " in text
    assert "  won: {ends: won}    # | 45 of 60 deals (75 %)\n" in text


def test_a_figure_that_somebody_changed_stays_and_beside_it_stands_what_the_deals_say_now(file):
    changed(file, "target: 2d        # | 2d: half", "target: 5d        # | 2d: half")
    written = again(file, (45, "lead demo won"), (15, "lead lost"), step=10.0)
    text = written.text
    assert "    target: 5d        # | yours; the deals say 10d: half of the 45 visits" in text
    assert written.told[0].startswith("refreshed: ")
    assert "kept as you wrote it: target 5d of lead (the deals say 10d)" in written.told
    file.write_text(text)
    assert "    target: 5d        # | yours; the deals say 2d: half of the 40 visits" in again(file).text
    assert "    target: 10d       # | 10d: half of the 45 visits" in text


def test_a_figure_without_its_comment_is_somebodys_own(file):
    changed(file, "probability: 50%  # | 50%: 30 of 60 decided deals were won (50 %)", "probability: 50%")
    assert "    probability: 50%\n" in again(file, (45, "lead demo won"), (15, "lead lost")).text


def test_what_somebody_wrote_after_the_words_of_the_draft_stays(file):
    changed(
        file, "won: {ends: won}    # | 30 of 60 deals (50 %)", "won: {ends: won}    # | 30 of 60 deals (50 %) - ask Tom"
    )
    changed(file, "no longer\n", "no longer (too long!)\n")
    changed(file, "# | 40 of 60 deals (67 %)", "# | mine: 40 of 60 is too few")
    changed(file, "    probability: 75%  # |", "    # | mine: see the board\n    probability: 75%  # |")
    text = again(file, (45, "lead demo won"), (15, "lead lost"), step=10.0).text
    assert "  won: {ends: won}    # | 45 of 60 deals (75 %) - ask Tom\n" in text
    assert "# | 10d: half of the 45 visits that went on took no longer (too long!)\n" in text
    assert "  demo:               # | mine: 40 of 60 is too few\n" in text
    assert "    # | mine: see the board\n" in text


def test_in_a_file_that_is_no_draft_nothing_is_renewed(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "process: own\nversion: 1\nstages:\n  lead:  # | 3 of 4 deals (75 %)\n"
        "    target: 2d  # | 2d: half of the 40 visits that went on took no longer\n  won: {ends: won}\n"
        "actions:\n  win: {from: lead, to: won}  # | 1 of 4 moves from lead (25 %)\n"
    )
    assert again(path, (30, "lead won"), stages="lead won") == Written(path.read_text())


def test_the_ends_of_lines_stay_what_they_are(file):
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    before = file.read_bytes()
    assert again(file).text.encode() == before
    after = again(file, (45, "lead demo won"), (15, "lead lost")).text
    assert after.count("\n") == after.count("\r\n") > 0


def test_it_is_said_what_was_refreshed_and_added(file):
    written = again(file, (30, "lead demo offer won"), (20, "lead lost"), stages="lead demo offer won lost")
    assert written.told == ("refreshed: 10 comments, 2 figures", "added: offer, to-offer")


def test_reasons_that_deals_tell_and_the_file_does_not_list_are_said(file):
    changed(file, "too-dear: Too dear", "too-late: Too late")
    assert "the deals tell reasons of lose that are not listed: too-dear" in again(file).told


def test_what_people_wrote_stays_where_it_is(file):
    changed(file, "because:  # say here why deals are sold like this", "because: We never wrote it down.   # so it was")
    changed(
        file,
        "  demo:               # |",
        "  # Ask Ana before you change this.\n  demo:   # ours\n    title: Demonstration #",
    )
    changed(file, "  win: {from: demo, to: won}       # |", "  win: { from: demo,   to: won, title: Signed } # |")
    changed(
        file,
        "    alert: 2d         # | 2d: nine of ten of the 30",
        "    alert: 99d         # | 2d: nine of ten of the 30",
    )
    before = file.read_text()
    after = again(file, (45, "lead demo won"), (15, "lead lost"), step=10.0).text
    theirs = [line for line in before.splitlines() if MARK not in line]
    assert [line for line in after.splitlines() if MARK not in line] == theirs
    assert "  win: { from: demo,   to: won, title: Signed } # | 45 of 45 moves from demo (100 %)\n" in after


def test_a_requirement_that_somebody_added_stays(file):
    changed(
        file,
        "win: {from: demo, to: won}",
        "win: {from: demo, to: won, requires: [{must: days_in_stage > 0, says: Not on the first day}]}",
    )
    assert (
        "requires: [{must: days_in_stage > 0, says: Not on the first day}]}" in again(file, (45, "lead demo won")).text
    )


def test_a_new_stage_and_its_actions_are_added_in_their_place(file):
    changed(file, "  won: {ends: won} ", "  # The end of it.\n  won: {ends: won} ")
    written = again(file, (30, "lead demo offer won"), (20, "lead lost"), stages="lead demo offer won lost")
    file.write_text(written.text)
    found = read(file)
    assert [stage.id for stage in found.main.stages] == ["lead", "demo", "offer", "won", "lost"]
    assert [action.id for action in found.main.actions] == ["to-demo", "to-offer", "win", "lose"]
    assert "  # The end of it.\n  won: {ends: won} " in written.text
    assert "# | stages: lead, demo, won, lost, offer\n" in written.text


def test_what_is_no_longer_seen_stays_and_says_so(file):
    text = again(file, (30, "lead won"), (30, "lead lost")).text
    assert "  demo:               # | not in the deals of the last draft\n" in text
    assert "  to-demo: {from: lead, to: demo}  # | not in the deals of the last draft\n" in text


def test_a_stage_that_somebody_took_out_takes_no_file_down(file):
    text = file.read_text()
    text = re.sub(r"  demo:.*?(?=  won)", "", text, flags=re.DOTALL)
    text = text.replace("from: demo, to: won", "from: lead, to: won")
    file.write_text(re.sub(r"  to-demo:.*\n", "", text))
    written = again(file, (30, "lead demo offer won"), (20, "lead lost"), stages="lead demo offer won lost")
    assert "  demo:" not in written.text
    assert "  offer:" in written.text
    assert "frequent in the deals, and no action leads there: from lead to demo" in written.told


def test_what_somebody_took_out_is_not_put_back(file):
    whole = file.read_text()
    file.write_text(re.sub(r"  lose:.*", "", whole, flags=re.DOTALL))
    assert "lose:" not in again(file).text


def test_an_action_that_somebody_calls_otherwise_is_the_same_action(file):
    changed(file, "  to-demo: {from: lead", "  hold-demo: {from: lead")
    text = again(file, (45, "lead demo won"), (15, "lead lost")).text
    assert "to-demo:" not in text
    assert "  hold-demo: {from: lead, to: demo}  # | 45 of 60 moves from lead (75 %)\n" in text


def test_an_action_that_leads_elsewhere_in_the_file_is_another_one(file):
    changed(file, "  win: {from: demo, to: won} ", "  win: {from: demo, to: lost, reasons: {x: X}} ")
    written = again(file)
    assert "  win: {from: demo, to: lost, reasons: {x: X}} " in written.text
    assert "  win-to-won: {from: demo, to: won}  # | 30 of 40 moves from demo (75 %)\n" in written.text
    file.write_text(written.text)
    assert again(file).text == written.text


def test_a_figure_that_was_left_out_for_want_of_deals_comes_with_them(tmp_path):
    path = tmp_path / "sales.yaml"
    path.write_text(new_text(drafted((4, "lead demo won")), on=TODAY).text)
    assert "    # | target: left out: 4 dated visits went on from here, and it takes 10\n" in path.read_text()
    path.write_text(again(path).text)
    assert "left out" not in path.read_text()
    lead = read(path).main.stages[0]
    assert None not in (lead.probability, lead.target, lead.alert)


def test_a_file_without_a_section_gets_it(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("process: own\nversion: 1\nstages:\n  lead: {}\n  won: {ends: won}\n")
    path.write_text(again(path, (30, "lead won"), stages="lead won").text)
    assert [action.id for action in read(path).main.actions] == ["win"]


def test_stages_in_braces_are_left_to_the_writer_and_told(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "process: own\nversion: 1\nstages: {lead: {}, won: {ends: won}}\nactions: {win: {from: lead, to: won}}\n"
    )
    written = again(path)
    assert written.text == path.read_text()
    assert "'stages' is written in braces, so demo was not added: write it in lines" in written.told
    assert "frequent in the deals, and no action leads there: from demo to won" in written.told
    assert again(path, (30, "lead won"), stages="lead won").text == path.read_text()


def test_a_released_version_is_never_written_to(file):
    file.with_name("released.yaml").write_text(f"1: {{digest: {'a' * 64}}}\n")
    with pytest.raises(UnwritableFile, match="was released") as told:
        again(file)
    assert "stagewright next sales" in told.value.hint


def test_a_file_that_is_no_process_is_left_alone(tmp_path):
    path = tmp_path / "notes.yaml"
    path.write_text("just: notes\n")
    with pytest.raises(UnreadableFile, match="no process without errors"):
        again(path)


@given(st.text(max_size=40))
def test_any_text_is_quoted_so_that_it_reads_back(text):
    clean = text.encode("utf-8", "ignore").decode()
    document = parse_text(f"a: {{b: {quoted(clean)}, c: d}}\ne: {quoted(clean, in_braces='')}\n", "x.yaml")
    assert not document.findings
    assert text_of(document.root.get("a").get("b")) == clean.strip()  # type: ignore[union-attr]
    assert text_of(document.root.get("e")) == clean.strip()  # type: ignore[union-attr]


_LINES = new_text(drafted(*FIRST), on=TODAY).text.splitlines()
_EDITS = st.lists(
    st.one_of(
        st.tuples(st.just("comment"), st.integers(0, len(_LINES)), st.sampled_from(["# mine", "    # mine too", ""])),
        st.tuples(st.just("blank"), st.integers(0, len(_LINES)), st.just("")),
        st.tuples(st.just("beside"), st.integers(5, len(_LINES) - 1), st.just(" and mine")),
    ),
    max_size=6,
)


def _edited(edits: list[tuple[str, int, str]]) -> str:
    lines = list(_LINES)
    for kind, at, text in sorted(edits, key=lambda edit: -edit[1]):
        if kind == "beside":
            lines[at] += text if "#" in lines[at] else f"  #{text}"
        else:
            lines.insert(at, text)
    return "\n".join(lines) + "\n"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_EDITS)
def test_no_comment_and_no_blank_line_of_anybody_is_ever_lost(tmp_path, edits):
    path = tmp_path / "edited.yaml"
    path.write_text(_edited(edits))
    after = text_into(path, drafted((45, "lead demo won"), (15, "lead lost"), step=10.0), on=TODAY).text
    kept = [line for line in path.read_text().splitlines() if MARK not in line]
    assert [line for line in after.splitlines() if MARK not in line] == kept
    assert after.count(" and mine") == path.read_text().count(" and mine")


def known_by_their_form(made: Draft) -> None:
    """Every sentence of a draft is told from what somebody else wrote."""
    entries = [entry for part in sections(made) for entry in below(part)]
    comments = [entry.comment.removeprefix(f"{MARK} ") for entry in entries if entry.comment]
    known = [max(evidence_in(each), figure_in(each)[0]) for each in comments]
    assert [comment[:length] for comment, length in zip(comments, known, strict=True)] == comments
    remarks = [f"{remark.topic}: {remark.says}" for told in made.remarks.values() for remark in told]
    remarks = [each for each in remarks if not each.startswith("contacts: ") or "deals here" in each]
    assert [each[: remark_in(each)] for each in remarks] == remarks


def below(entry: Entry) -> list[Entry]:
    return [entry, *(each for part in entry.entries for each in below(part))]


WALKS = st.lists(
    st.lists(st.sampled_from(["a", "b", "c", "d", "won", "lost", "junk"]), min_size=1, max_size=7),
    min_size=1,
    max_size=25,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WALKS, st.sampled_from([0.0, 0.03, 0.3]), st.sampled_from(Order))
def test_whatever_deals_did_the_draft_is_a_process_that_check_has_no_error_of(tmp_path, walks, keep, order):
    ends = {"won": "won", "lost": "lost", "junk": "other"}
    deals = [
        Made(f"D{n}", tuple(Entered(s, n + i) for i, s in enumerate(walk)))
        for n, walk in enumerate([*walks, ["a", "won"]])
    ]
    made = draft(
        tables_of(deals, ends=ends), outline("a b c d won lost junk".split(), ends), asked=Drafting(keep, order)
    )
    path = tmp_path / "sales.yaml"
    path.write_text(new_text(made, on=TODAY).text)
    known_by_their_form(made)
    loaded = load_process(path)
    assert loaded.value is not None, loaded.findings
    errors = [finding for finding in check_process(loaded.value) if finding.severity.value == "error"]
    assert not errors
    assert loaded.value.main.actions == made.process.main.actions
    assert text_into(path, made, on=TODAY).text == path.read_text()
