"""SERVICE to servers that are allowed, over real connections; and what is never asked."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from entente.core.errors import (
    LimitExceeded,
    QueryRefused,
    QuerySyntaxError,
    RemoteFailed,
)
from entente.query.fetcher import ask
from entente.query.limits import Federation
from entente.query.pinned import Address, is_public
from entente.query.service import QueryService
from tests.query.remotes import JSON, Other, Told, other_server, rows_of
from tests.query.services import POINT, POINT_ANSWER, answer, running
from tests.store.artifacts import numbered

S1, S2 = "http://example.org/s1", "http://example.org/s2"
OBJECTS = "o\r\nhttp://example.org/n1\r\nhttp://example.org/n2\r\n"


class Stage:
    """A service that may ask another server, which answers what the test at work says."""

    def __init__(self) -> None:
        self.tell: Callable[[str], Told] = two_rows

    def answer(self, path: str) -> Told:
        """Answer what is to be answered now."""
        return self.tell(path)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, QueryService, Other]]:
    stage = Stage()
    with federated(tmp_path_factory.mktemp("federated"), stage.answer) as (service, other):
        yield stage, service, other


World = tuple[Stage, QueryService, Other]


@contextmanager
def on_stage(world: World, tell: Callable[[str], Told]) -> Iterator[tuple[QueryService, Other]]:
    """Let the other server answer this for a while."""
    stage, service, other = world
    stage.tell = tell
    other.asked.clear()
    yield service, other


@contextmanager
def federated(
    folder: Path, tell: Callable[[str], Told], **settings: float
) -> Iterator[tuple[QueryService, Other]]:
    """Run a service that may ask another server, on this machine."""
    with (
        other_server(tell) as other,
        running(
            folder,
            numbered(200),
            queries=None,
            service=other.address,  # type: ignore[arg-type]  # the one setting of text
            **{"service_private": 1, **settings},
        ) as service,
    ):
        yield service, other


def joined(other: Other, pattern: str = "{ ?x a ?t }", *, silent: bool = False) -> str:
    word = "SERVICE SILENT" if silent else "SERVICE"
    return (
        f"SELECT ?o {{ {word} <{other.address}> {pattern} ?x <http://example.org/p> ?o }} "
        "ORDER BY ?o"
    )


def two_rows(_: str) -> Told:
    return Told(rows_of(S1, S2))


def test_rows_of_another_server_are_joined(world: World) -> None:
    with on_stage(world, two_rows) as (service, other):
        assert answer(service, joined(other)) == OBJECTS
        (asked,) = other.asked
    assert asked.split() == ["SELECT", "*", "{", "?x", "a", "?t", "}"]


def test_prologue_and_group_are_sent_as_they_are_and_nothing_else(world: World) -> None:
    with on_stage(world, two_rows) as (service, other):
        pattern = "{ ?x t:p \"}\" , '{' ; t:q [ t:r ?y ] # }\n }"
        text = f"PREFIX t: <http://t/>\n{joined(other, pattern)}"
        assert answer(service, text) == OBJECTS
        (asked,) = other.asked
    assert asked == f"PREFIX t: <http://t/>\n\nSELECT * {pattern}"


@pytest.mark.parametrize(
    "around",
    [
        "{ OPTIONAL { CLAUSE } ?x <http://example.org/p> ?o }",
        "{ { CLAUSE } UNION { CLAUSE } ?x <http://example.org/p> ?o }",
        "{ { SELECT ?x { CLAUSE } } ?x <http://example.org/p> ?o }",
        "{ ?x <http://example.org/p> ?o FILTER EXISTS { CLAUSE } }",
        "{ ?x <http://example.org/p> ?o . CLAUSE }",
        "{ ?x <http://example.org/p> ?o MINUS { ?x <http://example.org/p> ?o "
        "FILTER NOT EXISTS { CLAUSE } } }",
    ],
)
def test_a_service_may_stand_wherever_a_pattern_may(world: World, around: str) -> None:
    with on_stage(world, two_rows) as (service, other):
        clause = f"SERVICE <{other.address}> {{ ?x a ?t }}"
        text = f"SELECT DISTINCT ?o {around.replace('CLAUSE', clause)} ORDER BY ?o"
        assert answer(service, text) == OBJECTS


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (
            "application/sparql-results+xml",
            '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head>'
            f'<variable name="x"/></head><results><result><binding name="x"><uri>{S1}</uri>'
            f'</binding></result><result><binding name="x"><uri>{S2}</uri></binding></result>'
            "</results></sparql>",
        ),
        ("text/tab-separated-values; charset=utf-8", f"?x\n<{S1}>\n<{S2}>\n"),
    ],
)
def test_xml_and_tsv_are_read_too(world: World, kind: str, body: str) -> None:
    told = Told(body.encode(), headers={"Content-Type": kind})
    with on_stage(world, lambda _: told) as (service, other):
        assert answer(service, joined(other)) == OBJECTS


@pytest.mark.parametrize(
    "term",
    [
        '{"type":"literal","value":"} SERVICE <http://x/> {"}',
        '{"type":"literal","value":"a\\"b\\\\c\\nd","xml:lang":"en-GB"}',
        '{"type":"literal","value":"1","datatype":"http://www.w3.org/2001/XMLSchema#int"}',
        '{"type":"uri","value":"http://example.org/ä"}',
        '{"type":"triple","value":{"subject":{"type":"uri","value":"a:s"},"predicate":'
        '{"type":"uri","value":"a:p"},"object":{"type":"literal","value":"x"}}}',
    ],
)
def test_terms_of_strangers_are_values_and_nothing_else(world: World, term: str) -> None:
    body = f'{{"head":{{"vars":["x"]}},"results":{{"bindings":[{{"x":{term}}}]}}}}'.encode()
    with on_stage(world, lambda _: Told(body)) as (service, other):
        text = f"SELECT ?x {{ SERVICE <{other.address}> {{ ?x a ?t }} }}"
        assert answer(service, text).count("\n") >= 2


@pytest.mark.parametrize(
    "iri", ["http://x/> } SERVICE <http://y/", "http://x/ y", "relative", "http://x/\\\\u003e"]
)
def test_what_is_no_iri_does_not_enter_a_query(world: World, iri: str) -> None:
    with (
        on_stage(world, lambda _: Told(rows_of(iri))) as (service, other),
        pytest.raises(RemoteFailed, match="SERVICE <http"),
    ):
        answer(service, joined(other))


def test_a_variable_that_was_not_asked_for_is_left_out(world: World) -> None:
    body = rows_of(S1, S2).replace(b'"vars":["x"]', b'"vars":["x","o"]')
    body = body.replace(b'{"x"', b'{"o":{"type":"uri","value":"a:b"},"x"')
    with on_stage(world, lambda _: Told(body)) as (service, other):
        assert answer(service, joined(other)) == OBJECTS


FAILURES = {
    "a status": (Told(status=500), "status 500"),
    "HTML": (Told(b"<p>", headers={"Content-Type": "text/html"}), "no form of SPARQL results"),
    "no JSON": (Told(b'{"head"'), "cannot be read"),
    "a boolean": (Told(b'{"head":{},"boolean":true}'), "yes or no"),
    "compression": (
        Told(b"x", headers={"Content-Type": JSON, "Content-Encoding": "gzip"}),
        "compressed",
    ),
    "a document type": (
        Told(b"<!DOCTYPE x>", headers={"Content-Type": "application/xml"}),
        "document type",
    ),
    "a blank node": (
        Told(rows_of("b").replace(b'"uri"', b'"bnode"')),
        "blank node",
    ),
    "too short an answer": (
        Told(b"{}", headers={"Content-Type": JSON, "Content-Length": "100"}),
        "broke off",
    ),
    "redirects in a circle": (Told(status=302, headers={"Location": "/sparql"}), "to the next"),
    "a redirect to what is not allowed": (
        Told(status=307, headers={"Location": "http://127.0.0.1:1/sparql"}),
        "may not ask",
    ),
    "a redirect to another scheme": (
        Told(status=302, headers={"Location": "file:///etc/passwd"}),
        "may not ask",
    ),
    "a redirect to a user": (
        Told(status=302, headers={"Location": "http://a@127.0.0.1/sparql"}),
        "may not ask",
    ),
}


@pytest.mark.parametrize("name", sorted(FAILURES))
def test_a_failure_of_the_other_server_is_told(world: World, name: str) -> None:
    told, words = FAILURES[name]
    with on_stage(world, lambda _: told) as (service, other):
        with pytest.raises(RemoteFailed, match=words) as caught:
            answer(service, joined(other))
        assert f"SERVICE <{other.address}>" in str(caught.value)
        assert answer(service, POINT) == POINT_ANSWER
        silent = joined(other, silent=True).replace("ORDER BY ?o", "ORDER BY ?o LIMIT 1")
        assert answer(service, silent) == "o\r\nhttp://example.org/n0\r\n"


def test_a_redirect_within_what_is_allowed_is_followed(world: World) -> None:
    def tell(path: str) -> Told:
        moved = Told(status=308, headers={"Location": "/sparql/moved"})
        return two_rows(path) if path == "/sparql/moved" else moved

    with on_stage(world, tell) as (service, other):
        assert answer(service, joined(other)) == OBJECTS
        assert len(other.asked) == 2


def slow(_: str) -> Told:
    time.sleep(5)
    return Told(rows_of(S1))


def test_a_slow_server_is_given_up(tight: World) -> None:
    with on_stage(tight, slow) as (service, other):
        with pytest.raises(RemoteFailed) as caught:
            answer(service, joined(other))
        assert caught.value.late
        assert "n0" in answer(service, joined(other, silent=True))


def test_the_querys_own_time_holds_for_what_it_asks(tmp_path: Path) -> None:
    with (
        federated(tmp_path, slow, service_seconds=60) as (service, other),
        pytest.raises((RemoteFailed, LimitExceeded)),
    ):
        answer(service, joined(other), timeout=0.7)


def test_a_server_that_is_not_there_is_told_or_passed_over(tmp_path: Path) -> None:
    with (
        other_server(two_rows) as gone,
        running(tmp_path, numbered(5), service=gone.address, service_private=1) as service,  # type: ignore[arg-type]  # text
    ):
        pass
    with running(tmp_path, numbered(5), service=gone.address, service_private=1) as service:  # type: ignore[arg-type]  # text
        with pytest.raises(RemoteFailed, match="cannot be reached"):
            answer(service, joined(gone))
        assert "n0" in answer(service, joined(gone, silent=True))


@pytest.fixture(scope="module")
def tight(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    stage = Stage()
    limits = {"service_rows": 1, "service_bytes": 300, "service_seconds": 0.5}
    with federated(tmp_path_factory.mktemp("tight"), stage.answer, **limits) as (service, other):
        yield stage, service, other


@pytest.mark.parametrize("silent", [False, True])
@pytest.mark.parametrize(
    ("body", "words"),
    [(rows_of(S1, S2), "more than 1 rows"), (rows_of(S1 + "x" * 300), "longer than 300 bytes")],
    ids=["rows", "bytes"],
)
def test_too_much_is_told_also_where_failures_are_passed_over(
    tight: World, body: bytes, words: str, *, silent: bool
) -> None:
    with (
        on_stage(tight, lambda _: Told(body)) as (service, other),
        pytest.raises(LimitExceeded, match=words),
    ):
        answer(service, joined(other, silent=silent))


def test_what_is_not_allowed_is_refused_with_what_is(world: World) -> None:
    with on_stage(world, two_rows) as (service, other):
        with pytest.raises(QueryRefused, match=r"may ask <http://127\.0\.0\.1") as caught:
            answer(service, "SELECT * {\n SERVICE SILENT <http://127.0.0.1:1/sparql> {} }")
        assert (caught.value.line, caught.value.column) == (2, 2)
        assert other.asked == []


@pytest.mark.parametrize(
    "tail", ["x", "/../admin", "/%2e%2e/admin", "/%2E./admin", "/..%2fadmin", "#f", "\\..\\a"]
)
def test_an_address_beside_the_allowed_one_is_not_allowed(world: World, tail: str) -> None:
    with on_stage(world, two_rows) as (service, other):
        with pytest.raises((QueryRefused, QuerySyntaxError)):
            answer(service, f"SELECT * {{ SERVICE <{other.address}{tail}> {{ ?x a ?t }} }}")
        assert other.asked == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{ SERVICE ?e { ?s ?p ?o } }", "VALUES \\?e"),
        ("{ ?x <TARGET> ?e SERVICE SILENT ?e { ?s ?p ?o } }", "same group"),
        ("{ { VALUES ?e { <TARGET> } } SERVICE ?e { ?s ?p ?o } }", "same group"),
        ("{ VALUES ?e { <TARGET> } OPTIONAL { SERVICE ?e { ?s ?p ?o } } }", "same group"),
        ("{ SERVICE ?e { ?s ?p ?o } VALUES ?e { <TARGET> } }", "same group"),
        ("{ VALUES ?e { <TARGET> t:x } SERVICE ?e { ?s ?p ?o } }", "same group"),
        ("{ VALUES ?e { <TARGET> UNDEF } SERVICE ?e { ?s ?p ?o } }", "same group"),
        ("{ VALUES ?f { <TARGET> } SERVICE ?e { ?s ?p ?o } }", "same group"),
        ("{ VALUES ?e { <TARGET> <http://127.0.0.1:1/> } SERVICE ?e {} }", "may not ask"),
        ("{ VALUES ?e { <TARGET> } " + "SERVICE ?e {} " * 9 + "}", "at most 8"),
        ("{ SERVICE t:x { ?s ?p ?o } }", "in full"),
        ("{ SERVICESILENT<TARGET>{ ?s ?p ?o } }", "SERVICE"),
        ("{ SERVICEt:x { ?s ?p ?o } }", "SERVICE"),
        ("{ SERVICE <TARGET> { ?s ?p ?o SERVICE <TARGET> { ?s ?p ?o } } }", "within"),
        ("{ SERVICE <TARGET> { ?s ?p ?o SERVICEt:x { ?s ?p ?o } } }", "SERVICE"),
        ("{ SERVICE <TARGET> }", "its group"),
        ("{ " + "SERVICE <TARGET> {} " * 9 + "}", "at most 8"),
        ("{ SERVICE <TARGET> { " + "{" * 130 + "}" * 130 + " } }", "nested"),
    ],
)
def test_what_is_not_done_is_refused_before_anything_is_asked(
    world: World, text: str, words: str
) -> None:
    with on_stage(world, two_rows) as (service, other):
        query = f"PREFIX t: <{other.address}/> SELECT * {text}".replace("TARGET", other.address)
        with pytest.raises(QueryRefused, match=words):
            answer(service, query)
        assert other.asked == []


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("{ SELECT * {} SERVICE <TARGET> {} }", None, None),
        ("{ ?s ?p ?o } SERVICE <TARGET> {}", None, None),
        ("{ FILTER SERVICE <TARGET> {} }", None, None),
        ("{ GRAPH SERVICE <TARGET> {} }", None, None),
        ("{ SERVICE <TARGET>\n  { ?s ?p } }", 2, 11),
        ("{ SERVICE <TARGET> {}\n ?x ?y }", 2, 8),
    ],
)
def test_a_query_that_is_none_asks_nobody(
    world: World, text: str, line: int | None, column: int | None
) -> None:
    with on_stage(world, two_rows) as (service, other):
        with pytest.raises(QuerySyntaxError) as caught:
            answer(service, f"SELECT * {text}".replace("TARGET", other.address))
        assert other.asked == []
    if line is not None:
        assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "given",
    [
        "VALUES ?e { <ONE> <TWO> <ONE> }",
        "VALUES $e { <TWO> <ONE> } { } ?s <http://example.org/p> ?n .",
    ],
)
def test_a_variable_may_be_the_address_where_values_stand_before_it(
    world: World, given: str
) -> None:
    def tell(path: str) -> Told:
        return Told(rows_of(S2 if path.endswith("two") else S1))

    with on_stage(world, tell) as (service, other):
        two = other.address + "/two"
        given = given.replace("ONE", other.address).replace("TWO", two)
        query = f"SELECT DISTINCT ?e ?x {{ {given} SERVICE ?e {{ ?x a ?t }} }} ORDER BY ?e"
        assert answer(service, query) == f"e,x\r\n{other.address},{S1}\r\n{two},{S2}\r\n"
        assert len(other.asked) == 2


def test_bind_gives_an_address_too_and_a_silent_failure_is_of_one_alone(world: World) -> None:
    def tell(path: str) -> Told:
        return Told(b"", status=500) if path.endswith("two") else Told(rows_of(S1))

    with on_stage(world, tell) as (service, other):
        bound = f"BIND(<{other.address}> AS ?e) SERVICE ?e {{ ?x a ?t }}"
        assert answer(service, f"SELECT ?x {{ {bound} }}") == f"x\r\n{S1}\r\n"
        given = f"VALUES ?e {{ <{other.address}> <{other.address}/two> }}"
        query = f"SELECT ?e ?x {{ {given} SERVICE SILENT ?e {{ ?x a ?t }} }} ORDER BY ?e"
        address = other.address
        assert answer(service, query) == f"e,x\r\n{address},{S1}\r\n{address}/two,\r\n"
        with pytest.raises(RemoteFailed, match="/two>"):
            answer(service, query.replace("SILENT", ""))


def test_an_allowed_address_that_is_private_is_refused_all_the_same(tmp_path: Path) -> None:
    with federated(tmp_path, two_rows, service_private=0) as (service, other):
        with pytest.raises(RemoteFailed, match="not on the public internet"):
            answer(service, joined(other))
        assert other.asked == []


@pytest.mark.parametrize(
    "host",
    ["127.1", "0x7f000001", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "localhost", "0.0.0.0"],
)
def test_no_spelling_of_this_machine_passes(host: str) -> None:
    federation = Federation(prefixes=(f"http://{host}/",), seconds=2.0)
    with pytest.raises(RemoteFailed, match=r"not on the public internet|not known"):
        ask(f"http://{host}/sparql", "ASK {}", federation)


def test_a_name_that_changes_its_address_is_looked_up_once_only() -> None:
    """The second answer would lead to this machine: it is never asked for."""
    answers: list[list[Address]] = [[("203.0.113.1", 9)], [("127.0.0.1", 9)]]
    seen: list[list[Address]] = []

    def rebinding(_: str, __: int) -> list[Address]:
        seen.append(answers[len(seen)])
        return seen[-1]

    federation = Federation(prefixes=("http://rebinding.example/",), seconds=0.2)
    with pytest.raises(RemoteFailed):
        ask("http://rebinding.example/", "ASK {}", federation, resolve=rebinding)
    assert seen == [answers[0]]


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    both = [("93.184.215.14", 80), ("10.0.0.1", 80)]
    federation = Federation(prefixes=("http://both.example/",), seconds=0.2)
    with pytest.raises(RemoteFailed, match="not on the public internet"):
        ask("http://both.example/", "ASK {}", federation, resolve=lambda _, __: both)


def test_what_is_connected_to_is_the_address_that_was_checked() -> None:
    """The name is that of no host: only the look-up's address can have been used."""
    with other_server(two_rows) as other:
        port = int(other.address.rpartition(":")[2].removesuffix("/sparql"))
        iri = f"http://named.invalid:{port}/sparql"
        federation = Federation(prefixes=(iri,), private=True, seconds=2.0)
        name, response = ask(
            iri, "ASK {}", federation, resolve=lambda _, port: [("127.0.0.1", port)]
        )
        assert (name, response.read()) == ("json", rows_of(S1, S2))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost` that nobody has signed, with its key."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl to make a certificate with")
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    options = [
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-days",
        "1",
        "-nodes",
    ]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", *options]
    subprocess.run(
        [*command, "-keyout", path, "-out", f"{path}.crt"], check=True, capture_output=True
    )
    with path.open("a") as both:
        both.write(Path(f"{path}.crt").read_text())
    return path


def test_a_certificate_that_nobody_trusts_is_refused(certificate: Path) -> None:
    with other_server(two_rows, certificate=certificate) as other:
        federation = Federation(prefixes=(other.address,), private=True, seconds=5.0)
        with pytest.raises(RemoteFailed, match="certificate of localhost cannot be verified"):
            ask(other.address, "ASK {}", federation)
        assert other.asked == []


def test_a_certificate_that_is_trusted_is_for_one_name_only(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", f"{certificate}.crt")
    with other_server(two_rows, certificate=certificate) as other:
        named = other.address.replace("localhost", "other.example")
        federation = Federation(prefixes=(other.address, named), private=True, seconds=5.0)

        def here(_: str, port: int) -> list[Address]:
            return [("127.0.0.1", port)]

        name, response = ask(other.address, "ASK {}", federation, resolve=here)
        assert (name, response.read()) == ("json", rows_of(S1, S2))
        with pytest.raises(RemoteFailed, match=r"certificate of other\.example cannot"):
            ask(named, "ASK {}", federation, resolve=here)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.0.1", "169.254.169.254", "0.0.0.0"),
        *("100.64.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "192.0.2.1"),
        *("198.18.0.1", "192.88.99.1", "::", "::1", "::ffff:8.8.8.8", "::127.0.0.1", "fe80::1"),
        *("fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "64:ff9b::808:808", "2002:808:808::1"),
        *("2001::1", "2001:db8::1", "3fff::1", "fec0::1", "no address"),
    ],
)
def test_an_address_that_is_not_of_the_public_internet_is_none(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "91.198.174.192", "2606:4700:4700::1111"])
def test_an_address_of_the_public_internet_is_one(address: str) -> None:
    assert is_public(address)


def test_a_reader_beside_a_fetcher_has_no_sockets(world: World) -> None:
    """The clause is taken out of the text; were it not, the engine's own try would fail."""
    with on_stage(world, two_rows) as (service, other):
        assert answer(service, joined(other)) == OBJECTS
        pool = service._running()
        for process in pool.processes:
            status = Path(f"/proc/{process}/status").read_text()
            assert "Seccomp:\t2" in status
            assert not list_sockets(process)


def list_sockets(process: int) -> list[str]:
    links = Path(f"/proc/{process}/fd").iterdir()
    return [target for link in links if (target := str(link.readlink())).startswith("socket:")]
