"""The framer's process: bounded like a query, restarted when it is needed, its answers kept."""

import contextlib
import json
from pathlib import Path
from typing import Final

import pytest

from entente.core.errors import LimitExceeded
from entente.query.forms import FormRequest, FormService
from entente.query.standby import Standby
from entente.query.warming import Warmer
from tests.query.services import eventually, running
from tests.store.artifacts import numbered

ROOT: Final = "http://example.org/s1"
SOME: Final = f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ <{ROOT}> }} ?s ?p ?o }}"
ALL: Final = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"


def test_a_document_is_formed_once_and_kept(tmp_path: Path) -> None:
    with running(tmp_path, numbered(20)) as service:
        forms = FormService(service)
        request = FormRequest(query=SOME, root=ROOT, form="compacted")
        first, second = forms.give(request), forms.give(request)
    assert json.loads(first.body)["iri"] == ROOT
    assert first.body == second.body
    assert first.age is None
    assert second.age is not None


def test_a_document_that_takes_too_long_is_given_up_and_the_next_is_answered(
    tmp_path: Path,
) -> None:
    with running(tmp_path, numbered(20_000), query_seconds=0.5) as service:
        forms = FormService(service)
        with pytest.raises(LimitExceeded) as caught:
            forms.give(FormRequest(query=ALL, root=ROOT, form="compacted"))
        assert caught.value.limit == "time"
        small: list[bytes] = []

        def is_answered() -> bool:
            with contextlib.suppress(LimitExceeded):  # half a second may not do for a new process
                small.append(forms.give(FormRequest(query=SOME, root=ROOT, form="expanded")).body)
            return bool(small)

        assert eventually(is_answered)
    assert json.loads(small[0])[0]["@id"] == ROOT


def test_the_process_ends_and_starts_again(tmp_path: Path) -> None:
    with running(tmp_path, numbered(20)) as service:
        forms = FormService(service)
        forms.give(FormRequest(query=SOME, root=ROOT, form="compacted"))
        forms.stop()
        other = forms.give(FormRequest(query=SOME, root=ROOT, form="flattened"))
    assert json.loads(other.body)["@graph"][0]["iri"] == ROOT


def test_a_warm_framer_is_there_before_anybody_asks_though_another_process_cannot_start(
    tmp_path: Path,
) -> None:
    with running(tmp_path, numbered(20)) as service:
        forms = FormService(service)
        broken = Standby(service, program="entente.query.nothing", memory=64, queue=1)
        with Warmer(service, [broken, forms.standby], seconds=0.05):
            assert eventually(lambda: forms.standby.running, within=30.0)
            assert forms.standby.revision == service.revision
            assert not broken.running
    assert not forms.standby.running
