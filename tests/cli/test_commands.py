"""The command line: what goes to which stream, and which exit code comes back."""

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from click.testing import CliRunner

from entente.cli.serve import command
from entente.core.settings import TABLE, Setting
from tests.build.project import ARTICLE, TEXT, edit

ENTENTE = [sys.executable, "-c", "from entente.cli.main import main; main(prog_name='entente')"]


def run(
    *arguments: str, folder: Path, given: str | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run `entente` in a folder, with nothing of our own environment's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ENTENTE_")}
    return subprocess.run(
        [*ENTENTE, *arguments],
        cwd=folder,
        env={**kept, **variables},
        input=given if given is not None else "",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def here(project: Path, tmp_path: Path) -> Path:
    """Give a folder to run in; the small project lies below it."""
    assert project == tmp_path / "project"
    return tmp_path


def test_build_prints_the_manifest_and_talks_on_standard_error(here: Path) -> None:
    done = run("build", "--root", "project", folder=here)
    assert (done.returncode, done.stdout) == (0, ".entente/artifact/manifest.json\n")
    assert "quads in" in done.stderr
    assert (here / done.stdout.strip()).is_file()


def test_build_with_errors_is_1_and_one_line_each(here: Path) -> None:
    line = edit(here / "project/data/entities/all.ttl", "a ent:Factory", "a ent:Factori")
    done = run("build", "--root", "project", folder=here)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        f"data/entities/all.ttl:{line}: error: undeclared class ent:Factori — did you mean "
        "ent:Factory? Else declare it in ontology/modules [undeclared-class]",
        "entente: 1 error; nothing was built",
    ]


def test_check_prints_findings_and_ends_with_1(here: Path) -> None:
    edit(here / "project/data/entities/all.ttl", "a ent:Factory", "a ent:Factori")
    done = run("check", "--root", "project", folder=here)
    assert (done.returncode, done.stderr) == (1, "1 error\n")
    assert len(done.stdout.splitlines()) == 1
    assert not (here / ".entente").exists()


def test_check_of_good_sources_is_0_and_silent(here: Path) -> None:
    done = run("check", "--root", "project", folder=here)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "nothing wrong\n")


def test_check_gives_findings_as_json(here: Path) -> None:
    edit(here / "project/data/entities/all.ttl", "a ent:Factory", "a ent:Factori")
    done = run("check", "--root", "project", "--format", "json", folder=here)
    assert [finding["rule"] for finding in json.loads(done.stdout)] == ["undeclared-class"]


def test_check_takes_the_texts_from_the_environment(here: Path) -> None:
    (here / "texts/workshop.txt").write_text("another text")
    done = run("check", "--root", "project", folder=here, ENTENTE_SOURCES="texts")
    assert done.returncode == 1
    assert "no text has the digest" in done.stdout


def test_a_seal_needs_the_texts(here: Path) -> None:
    assert run("check", "--root", "project", "--seal", folder=here).returncode == 2
    done = run("check", "--root", "project", "--sources", "texts", "--seal", folder=here)
    assert done.returncode == 0
    assert (here / "project/data/verified.txt").is_file()


@pytest.mark.parametrize(
    "arguments",
    [
        ("bild",),
        ("build", "--root", "nowhere"),
        ("build", "--nonsense"),
        ("query", "--root", "project", "--format", "word", "ASK {}"),
        ("serve", "--root", "project", "--port", "many"),
        ("serve", "--root", "project", "--log-level", "loud"),
        ("check", "--root", "project", "--sources", "nowhere"),
    ],
)
def test_wrong_usage_is_2_and_no_stack(here: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, folder=here)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert done.stderr.strip() != ""


LOCATED = (
    "PREFIX ent: <https://w3id.org/entente/ontology/> SELECT ?place WHERE "
    "{ <https://w3id.org/entente/id/facility/workshop> ent:locatedIn ?place } ORDER BY ?place"
)


def test_query_gives_csv_in_a_pipe_and_inferences_are_in_it(here: Path) -> None:
    done = run("query", "--root", "project", LOCATED, folder=here)
    places = [f"https://w3id.org/entente/id/place/{name}" for name in ("beta", "delta")]
    assert (done.returncode, done.stdout.split()) == (0, ["place", *places])


def test_query_reads_standard_input_a_file_and_the_library(here: Path) -> None:
    expected = run("query", "--root", "project", LOCATED, folder=here).stdout
    assert run("query", "--root", "project", "-", folder=here, given=LOCATED).stdout == expected
    (here / "q.rq").write_text(LOCATED)
    assert run("query", "--root", "project", "q.rq", folder=here).stdout == expected
    named = run("query", "--root", "project", "questions/places", folder=here)
    assert len(named.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("form", "query", "start"),
    [
        ("json", "ASK {}", '{"head":{},"boolean":true}'),
        ("table", "ASK {}", "yes"),
        ("tsv", "SELECT (1 AS ?x) {}", "?x\n1"),
        ("table", "SELECT (1 AS ?x) {}", "┏"),
        ("nt", "CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}", "<urn:a> <urn:b> <urn:c> ."),
        ("ttl", "CONSTRUCT { <urn:a> <urn:b> <urn:c> } {}", ""),
    ],
)
def test_query_gives_the_format_that_is_asked_for(
    here: Path, form: str, query: str, start: str
) -> None:
    done = run("query", "--root", "project", "--format", form, query, folder=here)
    assert done.returncode == 0
    assert done.stdout.startswith(start)


def test_a_bad_query_is_1_with_its_place(here: Path) -> None:
    done = run("query", "--root", "project", "SELECT * { ?s ?p }", folder=here)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("entente: ")
    assert len(done.stderr.splitlines()) == 1


def test_a_runaway_query_ends_at_its_limit(here: Path) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    done = run("query", "--root", "project", "--query-seconds", "0.5", endless, folder=here)
    assert (done.returncode, done.stdout) == (1, "")


def test_query_fills_parameters_with_terms(here: Path) -> None:
    text = (
        "# title: x\n# param thing: which thing\n"
        "SELECT ?label { VALUES ?thing { UNDEF } ?thing "
        "<http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"
    )
    (here / "q.rq").write_text(text)
    one = run("query", "--root", "project", "--param", "thing=id:place/beta", "q.rq", folder=here)
    assert one.stdout.split() == ["label", "Beta"]
    bad = run("query", "--root", "project", "--param", "thing=nonsense", "q.rq", folder=here)
    assert bad.returncode == 1


def test_a_closed_pipe_is_no_stack(here: Path) -> None:
    run("build", "--root", "project", folder=here)
    words = " ".join(["exec", *(f'"{part}"' for part in ENTENTE), "query", "--root", "project"])
    line = f"{words} 'SELECT * {{ ?s ?p ?o . ?a ?b ?c }} LIMIT 90000' | head -n 1"
    done = subprocess.run(["sh", "-c", line], cwd=here, capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_broken_sources_do_not_take_the_last_good_graph_away(here: Path) -> None:
    expected = run("query", "--root", "project", LOCATED, folder=here).stdout
    edit(here / "project/data/entities/all.ttl", "a ent:Factory", "a ent:Factori")
    done = run("query", "--root", "project", LOCATED, folder=here)
    assert (done.returncode, done.stdout) == (0, expected)
    assert "going on with the last good build" in done.stderr


def test_progress_shows_on_a_terminal_and_not_in_a_pipe(here: Path) -> None:
    terminal, end = pty.openpty()
    arguments = [*ENTENTE, "build", "--root", "project", "--force"]
    environment = {**os.environ, "TERM": "xterm"}  # whatever runs the tests may be dumb
    with subprocess.Popen(
        arguments, cwd=here, stdout=subprocess.PIPE, stderr=end, env=environment
    ) as process:
        os.close(end)
        shown = b""
        while True:
            try:
                part = os.read(terminal, 4096)
            except OSError:
                break
            if not part:
                break
            shown += part
        process.wait(30)
    os.close(terminal)
    assert b"\x1b[" in shown
    assert "\x1b[" not in run("build", "--root", "project", "--force", folder=here).stderr


def test_format_rewrites_and_check_only_tells(here: Path) -> None:
    file = here / "a.ttl"
    file.write_text("<urn:b> <urn:p> 1 . <urn:a> <urn:p> 2 .")
    told = run("format", "--check", "a.ttl", folder=here)
    assert (told.returncode, told.stdout) == (1, "a.ttl\n")
    assert run("format", "a.ttl", folder=here).returncode == 0
    assert file.read_text() == "<urn:a>\n    <urn:p> 2 .\n\n<urn:b>\n    <urn:p> 1 .\n"
    assert run("format", "--check", "a.ttl", folder=here).returncode == 0


def test_format_refuses_to_lose_a_comment(here: Path) -> None:
    (here / "a.ttl").write_text("<urn:b> <urn:p> 1 .\n# why\n")
    done = run("format", "a.ttl", folder=here)
    assert done.returncode == 1
    assert "a.ttl:2: error: " in done.stderr
    assert (here / "a.ttl").read_text().endswith("# why\n")


def test_format_takes_the_whole_project(here: Path) -> None:
    assert run("format", "--root", "project", folder=here).returncode == 0
    assert run("format", "--check", "--root", "project", folder=here).returncode == 0
    assert run("check", "--root", "project", "--sources", "texts", folder=here).stdout == ""


def test_cite_gives_range_and_digest_as_the_data_has_them(here: Path) -> None:
    arguments = ("texts/workshop.txt", "Gamma hopes", "soon.", "--id", ARTICLE)
    done = run("cite", *arguments, folder=here)
    assert done.returncode == 0
    article = (here / f"project/data/articles/2025/{ARTICLE}.trig").read_text()
    for line in done.stdout.splitlines():
        assert line.strip() in article
    assert str(len(TEXT)) in done.stderr


def test_cite_tells_all_places_of_words_that_stand_twice(here: Path) -> None:
    done = run("cite", "texts/workshop.txt", "a", folder=here)
    assert done.returncode == 1
    assert done.stdout.count("ent:Passage") > 1


def test_the_versions_of_the_engines_are_told(here: Path) -> None:
    done = run("--version", folder=here)
    assert done.returncode == 0
    assert [word for word in ("entente", "pyoxigraph", "owlrl") if word not in done.stdout] == []


@pytest.mark.parametrize("setting", TABLE, ids=[setting.name for setting in TABLE])
def test_every_setting_is_an_option_of_serve(setting: Setting) -> None:
    text = " ".join(CliRunner().invoke(command, ["--help"], terminal_width=200).output.split())
    assert "--" + setting.name.replace("_", "-") in text
    assert setting.variable in text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serve_tells_its_address_answers_and_ends_on_a_signal(
    root: Path, here: Path, number: signal.Signals
) -> None:
    shutil.copytree(root / "queries", here / "project/queries", dirs_exist_ok=True)
    arguments = [*ENTENTE, "serve", "--root", "project", "--port", "0", "--readers", "1"]
    log = (here / "log").open("wb")
    with (
        log,
        subprocess.Popen(
            arguments, cwd=here, stdout=subprocess.PIPE, stderr=log, text=True
        ) as server,
    ):
        assert server.stdout is not None
        address = server.stdout.readline().strip()
        try:
            with urllib.request.urlopen(address + "readyz", timeout=10) as answer:
                assert answer.status == 200
        finally:
            server.send_signal(number)
        assert server.wait(10) == 0
    assert "Traceback" not in (here / "log").read_text()
