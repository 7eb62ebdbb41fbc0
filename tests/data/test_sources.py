"""The real sources: without errors, true to the articles, and without their sentences."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, Quad, RdfFormat, Store, parse

from entente.build.check_texts import check_texts, read_texts
from entente.build.freshness import read_inputs
from entente.build.pipeline import check
from entente.build.sources import Sources, read_sources
from entente.core.manifest import Manifest
from entente.core.terms import GRAPH_CURRENT, GRAPH_INFERRED, GRAPH_META

ROOT = Path(__file__).parents[2]
WORDS = 9


@cache
def sources() -> Sources:
    found, findings = read_sources(read_inputs(ROOT))
    assert findings == []
    return found


def test_the_sources_have_no_error() -> None:
    assert [str(finding) for finding in check(ROOT) if finding.severity == "error"] == []


def test_every_passage_is_what_its_article_says(shared: Path) -> None:
    texts = read_texts(shared / "articles")
    assert [problem.what for problem in check_texts(sources(), texts)] == []


def test_every_article_of_the_collection_is_in_the_data(shared: Path) -> None:
    texts = read_texts(shared / "articles")
    named = {quad.object.value for quad in sources().quads("article") if "textSha256" in str(quad)}  # type: ignore[union-attr]  # literals
    assert set(texts) <= named


TIMED_RULES = """
import sys, time
from pathlib import Path
from pyoxigraph import RdfFormat, Store
store = Store()
store.bulk_load(sys.stdin.buffer, format=RdfFormat.N_QUADS)
for path in sorted(Path(sys.argv[1]).glob("*.rq")):
    print(path.name, end=" ", flush=True)
    began = time.perf_counter()
    list(store.query(path.read_text("utf-8"), use_default_graph_as_union=True))
    print(time.perf_counter() - began, flush=True)
"""


def test_each_hygiene_rule_is_done_in_a_moment() -> None:
    """The engine has no time limit: a rule that is planned badly would hang every build."""
    store = Store()
    store.extend(sources().quads())
    command = [sys.executable, "-c", TIMED_RULES, str(ROOT / "ontology" / "checks")]
    dump = store.dump(format=RdfFormat.N_QUADS)
    done = subprocess.run(command, input=dump, capture_output=True, timeout=60, check=True)
    timed = dict(line.split() for line in done.stdout.decode().splitlines())
    assert {name: seconds for name, seconds in timed.items() if float(seconds) > 2} == {}


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def project_files() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_file_holds_nine_words_in_a_row_of_an_article(shared: Path) -> None:
    """The articles are not ours to publish: claims speak in our own words."""
    sentences: dict[tuple[str, ...], str] = {}
    for path in sorted((shared / "articles").glob("*.txt")):
        words = words_of(path.read_text("utf-8"))
        for start in range(len(words) - WORDS + 1):
            sentences[tuple(words[start : start + WORDS])] = path.name
    copied = []
    for path in project_files():
        try:
            words = words_of(path.read_text("utf-8"))
        except UnicodeDecodeError:
            continue
        runs = (tuple(words[i : i + WORDS]) for i in range(len(words) - WORDS + 1))
        copied += [f"{path.name}: {' '.join(run)}" for run in runs if run in sentences]
    assert copied == []


def by_graph(quads: list[Quad]) -> dict[str, Dataset]:
    graphs: dict[str, Dataset] = {}
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        graphs.setdefault(quad.graph_name.value, Dataset()).add(quad)
    for graph in graphs.values():
        graph.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return graphs


def test_the_dump_is_isomorphic_to_the_sources(dataset_path: Path) -> None:
    dumped = by_graph(list(parse(path=dataset_path, format=RdfFormat.N_QUADS)))
    generated = {GRAPH_CURRENT, GRAPH_INFERRED, GRAPH_META}
    written = by_graph(list(sources().quads()))
    assert set(dumped) - generated == set(written)
    assert [name for name, graph in written.items() if graph != dumped[name]] == []


def test_the_default_engines_cover_the_real_data(manifest: Manifest) -> None:
    engines = {key: manifest.facts[key] for key in manifest.facts if "engine" in key}
    assert set(engines.values()) == {"fast"}
    assert [key for key in manifest.facts if "fallback" in key] == []


def test_metadata_counts_every_graph(manifest: Manifest, dataset_path: Path) -> None:
    text = dataset_path.read_text("utf-8")
    for name, count in manifest.counts.items():
        said = f'<{name}> <http://rdfs.org/ns/void#triples> "{count}"^^'
        assert said in text
        assert text.count(f" <{name}> .\n") == count


def test_a_seal_of_the_passages_is_kept_with_the_data() -> None:
    """Without the texts, `entente check` still finds a digest that was altered."""
    assert (ROOT / "data" / "verified.txt").is_file()
