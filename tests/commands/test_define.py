import json

from engine.loading.processes import load_process


def test_init_writes_a_workspace_that_checks_clean(run, workspace):
    checked = run("check")
    assert checked.code == 0
    assert "4 files checked" in checked.out
    assert (workspace / "schemas" / "process.json").is_file()


def test_init_overwrites_nothing(run, workspace):
    again = run("init")
    assert again.code == 2
    assert "nothing was written" in again.err


def test_init_of_an_example_that_is_not_shipped_names_the_nearest(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "did you mean 'compassiq'?" in run("init here --example compasiq").err


def test_next_makes_the_version_after_the_newest(run, workspace):
    assert run("next inside-sales").code == 0
    made = workspace / "processes" / "inside-sales" / "3.yaml"
    assert "does not say why it was made" in run("check inside-sales@3").out
    process = load_process(made).value
    assert process is not None
    assert (process.version, process.follows.version) == (3, 2)
    assert run("check inside-sales@3").code == 0
    assert "4.yaml" in run("next inside-sales").out


def test_check_by_name_looks_at_the_version_being_written(run, workspace):
    assert run("release inside-sales@2 --because 'It went well'").code == 0
    assert run("next inside-sales").code == 0
    path = workspace / "processes" / "inside-sales" / "3.yaml"
    path.write_text(path.read_text().replace("to: demo,", "to: demmo,"))
    checked = run("check inside-sales")
    assert checked.code == 1
    assert "inside-sales/3.yaml:" in checked.out
    assert "4 files checked" in checked.out
    assert run("check inside-sales@2").code == 0


def test_check_exits_with_one_for_errors_and_tells_each_at_its_line(run, workspace):
    path = workspace / "processes" / "inside-sales" / "2.yaml"
    path.write_text(path.read_text().replace("to: demo,", "to: demmo,"))
    checked = run("check")
    assert checked.code == 1
    assert "processes/inside-sales/2.yaml:" in checked.out
    assert "did you mean 'demo'?" in checked.out


def test_check_exits_with_two_for_what_is_no_text(run, workspace):
    (workspace / "processes" / "inside-sales" / "2.yaml").write_bytes(b"\xff\xfe\x00binary")
    assert run("check").code == 2


def test_check_speaks_the_formats_of_other_tools(run, workspace):
    path = workspace / "processes" / "inside-sales" / "2.yaml"
    path.write_text(path.read_text().replace("to: demo,", "to: demmo,"))
    assert json.loads(run("check --format json").out)["schema"] == "stagewright/findings/1"
    assert json.loads(run("check --format sarif").out)["version"] == "2.1.0"
    assert run("check --format github").out.startswith("::error ")
    assert "<testsuite" in run("check --format junit").out


def test_a_map_is_checked_against_the_process_it_leads_to(run, workspace):
    (workspace / "maps").mkdir()
    (workspace / "maps" / "crm.yaml").write_text(
        "map: crm\nprocess: inside-sales@2\nshape: moves\ndeal: Id\nstage: Stage\nhappened: When\n"
        "stages: {Won: wonn}\nfacts: {amont: Value}\n"
    )
    checked = run("check maps/crm.yaml")
    assert checked.code == 1
    assert "did you mean 'won'?" in checked.out
    assert "did you mean 'amount'?" in checked.out


def test_show_draws_in_each_form(run, workspace):
    assert "qualified" in run("show inside-sales").out
    assert run("show inside-sales@1 --format mermaid").out.startswith(("flowchart", "stateDiagram", "---"))
    assert "<svg" in run("show inside-sales --format svg").out
    assert run("show inside-sales --out picture.png").code == 0
    assert (workspace / "picture.png").read_bytes().startswith(b"\x89PNG")


def test_rule_explains_a_finding_and_lists_all(run):
    assert "P101" in run("rule").out
    page = run("rule p101").out
    for heading in ("What", "Why", "Bad", "Good", "Mend"):
        assert heading in page


def test_schema_prints_the_schema_of_files_and_of_answers(run):
    assert "draft-07" in json.loads(run("schema process").out)["$schema"]
    assert json.loads(run("schema story").out)


def test_doctor_tells_what_it_looked_at(run, workspace):
    healthy = run("doctor")
    assert healthy.code == 0
    assert "roles are claims" in healthy.out
    (workspace / "deals.journal").write_bytes(b"this is not a database at all" * 100)
    assert run("doctor").code == 1


def test_the_demo_does_what_it_says(run):
    told = run("demo")
    assert told.code == 0
    for word in ("$ stagewright check", "refused", "went from demo to proposal", "every entry is as it was written"):
        assert word in told.out


def test_init_of_an_example_with_a_map_brings_the_map(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert "made maps/maven-crm.yaml" in run("init --example maven-crm").out
    assert run("check").code == 0


def test_init_of_an_example_brings_the_processes_its_deals_go_on_in(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = run("init --example hands-on").out
    assert "made processes/self-serve/1.yaml" in told
    assert "made processes/renewals/1.yaml" in told
    assert "intake" not in told
    assert run("check").code == 0


def test_init_brings_no_example_but_the_one_that_is_asked_for(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("init").code == 0
    assert [path.name for path in (tmp_path / "processes").iterdir()] == ["inside-sales"]
    assert [path.name for path in (tmp_path / "rules").iterdir()] == ["qualification"]


def test_init_lists_the_examples_there_are(run):
    assert "known: bids, compassiq, enterprise, hands-on, inside-sales, intake" in run("init x --example 42").err


def test_init_overwrites_no_schema_either(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "map.json").write_text("mine")
    assert run("init").code == 2
    assert not (tmp_path / "processes").exists()
    assert (tmp_path / "schemas" / "map.json").read_text() == "mine"


def test_next_takes_a_version_too(run, workspace):
    assert "3.yaml" in run("next inside-sales@2").out
