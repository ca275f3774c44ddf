"""``rollback``: an old version comes back as a new one, with a way back for the deals."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.loading.processes import load_process
from engine.versions.became import became
from engine.versions.diff import diff

ROOT = Path(__file__).parents[2]
HOME = Path("processes/inside-sales")
BACK = "rollback inside-sales --to 1 --because 'Nobody asked: it was slower'"


def test_the_old_version_comes_back_with_its_comments_under_the_next_number(run, workspace):
    done = run(BACK)
    assert done.code == 0
    assert done.out.startswith("From inside-sales@2 to inside-sales@3\n")
    assert "wrote processes/inside-sales/3.yaml; nothing is released by it" in done.out
    old, new = (HOME / "1.yaml").read_text().splitlines(), (HOME / "3.yaml").read_text().splitlines()
    told = [
        "version: 3",
        'because: "Nobody asked: it was slower"',
        "follows:",
        "  version: 2",
        "  stages: {qualified: interested}",
        "  actions: {qualify: mark-interested}",
        "  facts: {discount: rebate}",
    ]
    assert [line for line in new if line not in old] == told
    assert [line.partition(":")[0] for line in old if line not in new] == ["version", "because"]
    assert "no findings" in run("check").out


def test_it_is_equal_to_the_old_one_and_the_ids_of_the_newest_come_back(run, workspace):
    run(BACK)
    old, newest, new = (load_process(HOME / f"{version}.yaml").value for version in (1, 2, 3))
    assert (new.main.stages, new.main.actions, new.facts) == (old.main.stages, old.main.actions, old.facts)
    back = became(newest, new)
    assert (back.stage("qualified"), back.action("qualify"), back.fact("discount")) == (
        ("interested",),
        "mark-interested",
        "rebate",
    )
    assert [change for change in diff(old, new, between=(newest,)).changes if change.level.value != "note"] == []


def test_a_rollback_of_a_rollback_leads_forward_again(run, workspace):
    run(BACK)
    assert run("rollback inside-sales --to 2 --because 'It was not'").code == 0
    text = (HOME / "4.yaml").read_text()
    assert "  version: 3\n  stages: {interested: qualified}\n" in text
    assert text.count("follows:") == 1
    assert "# what became of version 1" not in text.partition("roles:")[2]
    assert "no findings" in run("check").out


MERGED = """\
process: small
version: 2
because: Nobody could tell the two apart.
follows: {version: 1, stages: {call: talk, visit: talk}}
stages: {lead: {}, talk: {}, won: {ends: won}}
actions: {begin: {from: lead, to: talk}, sign: {from: talk, to: won}}
"""
APART = """\
process: small
version: 1  # the first
stages: {lead: {}, call: {}, visit: {}, won: {ends: won}}
actions:
  begin: {from: lead, to: [call, visit]}
  sign: {from: [call, visit], to: won}
"""


def test_of_a_stage_that_was_made_of_several_only_a_person_can_say_what_it_was(run, workspace):
    home = Path("processes/small")
    home.mkdir()
    (home / "1.yaml").write_text(APART)
    (home / "2.yaml").write_text(MERGED)
    done = run("rollback small --to 1 --because 'They were two things'")
    assert done.code == 0
    assert "'talk' was 'call' and 'visit': for its deals somebody will have to say where they go" in done.err
    assert (home / "3.yaml").read_text() == APART.replace(
        "version: 1  # the first", "version: 3  # the first\nbecause: They were two things\nfollows: {version: 2}"
    )


KEPT_ONE = APART.replace(
    "version: 1  # the first", "version: 2\nbecause: One will do.\nfollows: {version: 1, stages: {visit: call}}"
)
KEPT_ONE = KEPT_ONE.replace("visit: {}, ", "").replace("[call, visit]", "call")


def test_deals_that_nobody_can_tell_apart_are_counted_and_the_plan_names_them(run, workspace):
    home = Path("processes/small")
    home.mkdir()
    (home / "1.yaml").write_text(APART)
    (home / "2.yaml").write_text(KEPT_ONE)
    for deal, version, to in (("was", 1, " --to visit"), ("is", 2, "")):
        assert run(f"start small@{version} {deal} --as eva").code == 0
        assert run(f"advance {deal} begin --as eva{to}").code == 0
    done = run("rollback small --to 1 --because 'They were two things'")
    assert "'call' of version 2 is 'call' and 'visit' again" in done.err
    assert "'plan' keeps its 1 open deal in that stage" in done.err
    told = " ".join(run("plan small@3 -o plan.csv").out.split())
    assert "1 deal stands in 'call' of version 2 and may belong in 'call' or 'visit', which small@3 has again" in told
    text = Path("plan.csv").read_text(encoding="utf-8-sig")
    assert ",1,visit,stays,visit,yes," in text
    assert "'visit' was one with it, and only a person can say where the deal belongs" in text


def test_a_dry_run_shows_the_difference_and_writes_nothing(run, workspace):
    done = run(f"{BACK} --dry-run")
    assert (done.code, done.out.splitlines()[-1]) == (0, "would write processes/inside-sales/3.yaml")
    assert not (HOME / "3.yaml").exists()


def test_it_keeps_the_line_ends_of_the_old_version(run, workspace):
    path = HOME / "1.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert run(BACK).code == 0
    told = (HOME / "3.yaml").read_bytes()
    assert told.count(b"\n") == told.count(b"\r\n") > 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rollback inside-sales --to 2 --because x", "version 2 is the newest one"),
        ("rollback inside-sales --to 7 --because x", "there is no version '7'"),
        ("rollback inside-sales@1 --to 1 --because x", "names a version"),
        ("rollback inside-sales --to 1 --because ''", "--because says nothing"),
        ("rollback nothing --to 1 --because x", "there is no process 'nothing'"),
    ],
)
def test_where_there_is_nothing_to_go_back_to_it_is_told(run, workspace, line, said):
    refused = run(line)
    assert (refused.code, said in refused.err) == (2, True)


def test_a_version_that_does_not_load_or_was_changed_is_not_gone_back_to(run, workspace):
    run("release inside-sales@1 --because 'Go'")
    with (HOME / "1.yaml").open("a") as file:
        file.write("# changed\n")
    refused = run(BACK)
    assert refused.code == 2
    assert "version 1 was released on" in refused.err
    assert not (HOME / "3.yaml").exists()


@pytest.mark.parametrize("to", [1, 2])
def test_three_generations_lead_back_to_each_of_the_first_two(run, workspace, to):
    for name in ("processes/hands-on", "processes/self-serve", "processes/renewals", "rules"):
        shutil.copytree(ROOT / name, name, dirs_exist_ok=True)
    done = run(f"rollback hands-on --to {to} --because 'It was better'")
    assert done.code == 0
    assert run("check processes/hands-on").code == 0
    old, newest, new = (load_process(Path(f"processes/hands-on/{version}.yaml")).value for version in (to, 3, 4))
    assert (new.tracks, new.main.stages, new.metrics) == (old.tracks, old.main.stages, old.metrics)
    back = became(newest, new)
    # Four actions became 'agree': none of them may take its place unasked.
    assert "agree" not in back.actions
    assert back.fact("seats") == ("users" if to == 1 else "seats")


def test_a_deal_on_the_newest_version_comes_back_with_its_facts(run, workspace):
    who = "--as ana --role ae"
    run(f"start inside-sales@2 acme --fact amount=9000 --fact discount=5% {who}")
    run(f"advance acme qualify --reason need-confirmed --fact contact_role=champion {who}")
    run(BACK)
    assert run("release inside-sales@3 --because 'Agreed'").code == 0
    assert run("plan inside-sales@3 -o plan.json").code == 0
    assert run("apply plan.json --as ana --role manager").code == 0
    assert "inside-sales@3  interested" in run("deals").out
    assert "rebate 5%" in run("why acme").out
