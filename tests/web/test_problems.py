import logging
from pathlib import Path

import pytest
from flask import Flask

from entente.core.errors import (
    ArtifactError,
    Cancelled,
    EntenteError,
    LimitExceeded,
    NotAcceptable,
    NotFound,
    QueryRefused,
    QuerySyntaxError,
    SettingError,
    StoreError,
)
from entente.store.snapshots import Snapshots
from entente.web.failures import install_handlers
from entente.web.problems import as_fields, as_text, excerpt_of, problem, problem_of


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (QuerySyntaxError("x", line=1, column=2), 400),
        (QueryRefused("x"), 400),
        (NotAcceptable("x", offers=("a/b",)), 406),
        (NotFound("x"), 404),
        (LimitExceeded("x", limit="time"), 503),
        (LimitExceeded("x", limit="memory"), 503),
        (Cancelled("x"), 503),
        (StoreError("/secret"), 503),
        (ArtifactError("/secret"), 503),
        (SettingError("/secret"), 500),
        (EntenteError("/secret"), 500),
    ],
)
def test_each_error_has_its_status(error: EntenteError, status: int) -> None:
    found = problem_of(error)
    assert found.status == status
    assert "secret" not in found.detail


def test_an_excerpt_marks_the_column() -> None:
    assert excerpt_of("SELECT *\n{ ?s ?p }", 2, 9) == "{ ?s ?p }\n        ^"


def test_an_excerpt_of_a_long_line_is_cut_around_the_column() -> None:
    found = excerpt_of("x" * 500 + "!" + "y" * 500, 1, 501)
    assert found is not None
    line, mark = found.splitlines()
    assert len(line) == 100
    assert line[mark.index("^")] == "!"


@pytest.mark.parametrize("line", [None, 0, 3])
def test_a_line_that_is_not_there_has_no_excerpt(line: int | None) -> None:
    assert excerpt_of("a\nb", line, 1) is None


def test_the_first_line_of_the_text_is_for_people() -> None:
    found = problem("syntax", "unexpected '}'", line=3, column=7)
    assert as_text(found).splitlines()[0] == "Not SPARQL: unexpected '}' (line 3, column 7)"


def test_the_type_is_an_address_where_it_is_known() -> None:
    found = as_fields(problem("limit", "too slow"), base="http://h/")
    assert found["type"] == "http://h/problems#limit"


def test_what_names_a_folder_is_told_to_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer's X-Query-Id finds the line."""
    app = Flask("entente.web")
    install_handlers(app)

    @app.get("/broken")
    def broken() -> str:
        Snapshots(tmp_path / "secret").current()
        return ""

    with caplog.at_level(logging.ERROR, logger="entente.web"):
        answer = app.test_client().get("/broken")
    assert answer.status_code == 503
    assert "secret" not in answer.get_data(as_text=True)
    (line,) = (each for each in caplog.records if each.levelno == logging.ERROR)
    fields = line.__dict__["fields"]
    assert str(tmp_path / "secret") in fields["reason"]
    assert answer.headers["X-Query-Id"] == fields["query"]
