"""Operations: metrics, the access log, a new build and an orderly stop under load."""

import json
import logging
import re
import threading
import time
from pathlib import Path

import pytest

from entente.store.snapshots import Snapshots
from tests.protocol.writable import Writable
from tests.web.site import ENDLESS, FACTORIES, Reply, Site, run_site, write_dataset

LINE = re.compile(r'[a-z_]+(\{([a-z]+="[^"\n]*",?)*\})? [0-9.e+-]+(inf)?')


def value(site: Site, name: str) -> float:
    """Give one sample by its name with labels, 0 where it is not there."""
    for line in site.ask("/metrics").text.splitlines():
        if line.startswith(name + " "):
            return float(line.rpartition(" ")[2])
    return 0.0


def test_metrics_are_in_the_format_of_prometheus(site: Site) -> None:
    reply = site.ask("/metrics")
    assert reply.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-store"
    lines = [line for line in reply.text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    names = {line.split("{")[0].split(" ")[0] for line in lines}
    families = re.findall(r"# TYPE (\w+) ", reply.text)
    plain = [re.sub(r"_total$", "", name) for name in families]  # as clients of OpenMetrics read it
    assert len(set(plain)) == len(plain)
    for name in names:
        base = re.sub(r"_(bucket|sum|count)$", "", name)
        assert f"# TYPE {base} " in reply.text


def test_requests_are_counted_by_rule_and_not_by_address(site: Site) -> None:
    name = 'entente_requests_total{rule="/id/<path:name>",method="GET",status="404"}'
    before = value(site, name)
    for number in range(3):
        site.ask(f"/id/place/nowhere-{number}")
    assert value(site, name) == before + 3
    assert "nowhere" not in site.ask("/metrics").text


def test_latencies_are_counted_in_buckets_that_add_up(site: Site) -> None:
    site.query(FACTORIES)
    count = value(site, 'entente_request_seconds_count{rule="/sparql"}')
    assert count >= 1
    assert value(site, 'entente_request_seconds_bucket{rule="/sparql",le="+Inf"}') == count


def test_kills_are_counted_by_limit(site: Site) -> None:
    name = 'entente_queries_total{outcome="time"}'
    before = value(site, name)
    site.query(ENDLESS, timeout="0.1")
    assert value(site, name) == before + 1


def test_the_cache_and_the_revision_are_measured(site: Site) -> None:
    hits = value(site, 'entente_cache_total{found="yes"}')
    for _ in range(2):
        site.query(FACTORIES + " # measured")
    assert value(site, 'entente_cache_total{found="yes"}') == hits + 1
    assert value(site, "entente_cache_bytes") > 0
    assert value(site, "entente_revision") == site.service.revision
    assert 0 <= value(site, "entente_revision_age_seconds") < 3600


def test_writes_are_counted_by_what_became_of_them(writable: Writable) -> None:
    site = writable.site
    names = [f'entente_writes_total{{outcome="{name}"}}' for name in ("accepted", "refused")]
    before = [value(site, name) for name in names]
    text = "INSERT DATA { GRAPH <http://example.org/counted> { <a:a> <a:b> <a:c> } }"
    writable.update(text)
    writable.update(text, If_Match='"0"')
    assert [value(site, name) for name in names] == [before[0] + 1, before[1] + 1]


def queried(record: logging.LogRecord) -> object:
    """Give the query's name in a line of the log."""
    return vars(record).get("fields", {}).get("query")


def test_every_answer_is_one_line_in_the_log(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, logger="entente.access"):
        reply = site.query(FACTORIES + " # logged", timeout="4")
        name = reply.headers["X-Query-Id"]
        records = [record for record in caplog.records if queried(record) == name]
        deadline = time.monotonic() + 5
        while not records and time.monotonic() < deadline:
            time.sleep(0.01)
            records = [record for record in caplog.records if queried(record) == name]
    (record,) = records
    assert record.getMessage() == "GET /sparql"
    fields = vars(record)["fields"]
    assert (fields["status"], fields["bytes"]) == ("200", len(reply.body))
    assert "SELECT" not in json.dumps(fields)


def test_a_new_build_is_served_without_a_dropped_request(tmp_path: Path) -> None:
    with run_site(tmp_path) as site:
        statuses: list[int] = []
        stop = threading.Event()

        def ask() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                statuses.append(site.query(f"{FACTORIES} # {number}").status)

        thread = threading.Thread(target=ask)
        thread.start()
        for number in range(3):
            write_dataset(site.settings.artifact, f"<a:a> <a:b> <a:{number}> <a:g> .\n".encode())
            Snapshots(site.settings.store).load(site.settings.artifact)
            site.service.reload()
        stop.set()
        thread.join()
        assert site.query("SELECT ?o { <a:a> <a:b> ?o }").terms("o") == ["a:2"]
    assert len(statuses) > 10
    assert set(statuses) == {200}


def test_a_stop_lets_an_answer_under_way_end(tmp_path: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(STRLEN(STR(?c)) > 0) }"
    replies: list[Reply] = []
    with run_site(tmp_path) as site:
        thread = threading.Thread(target=lambda: replies.append(site.query(slow)))
        thread.start()
        time.sleep(0.05)
    thread.join()
    assert [reply.status for reply in replies] == [200]
