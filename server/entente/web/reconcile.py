"""The reconciliation service, for OpenRefine and its kin: names in a table become things.

Owns the routes of version 0.2 (root, `queries` and `extend` as form fields or parameters) and of
the 1.0 draft (`/match`, `/extend` as JSON). Which things fit is `entente.query.reconciling`'s. All
answers may be read from any origin; JSONP, which 0.2 leaves to the service, is not offered: it is
script of this host with a text that others choose.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request

from entente.core.errors import NotFound
from entente.core.media import PAGE
from entente.core.settings import Settings
from entente.core.terms import OWL, RDF, RDFS, shorten
from entente.logic.folding import fold
from entente.query.extending import Extending, Named
from entente.query.finding import Sought
from entente.query.name_file import NameFile, Thing
from entente.query.names import Names
from entente.query.property_values import PropertyValues
from entente.query.reconciling import KINDS, Candidate, Question, reconcile
from entente.query.search import search
from entente.query.service import QueryService
from entente.web.addresses import Addresses
from entente.web.answers import mark
from entente.web.api_parameters import given, read_count, required
from entente.web.fields import require_at_most_one
from entente.web.headers import POLICY
from entente.web.json_body import JSON, dump
from entente.web.operations import declare
from entente.web.problems import RequestRefused, problem, wrong_parameter
from entente.web.reconcile_fields import (
    candidate_fields,
    draft_rows,
    meta_fields,
    named_fields,
    old_rows,
    suggestion_fields,
)
from entente.web.reconcile_input import (
    Extension,
    read_extension,
    read_json,
    read_name,
    read_new_batch,
    read_old_batch,
)
from entente.web.reconcile_manifest import DRAFT_ROOT, ROOT, draft_manifest, old_manifest
from entente.web.reconcile_operations import OPERATIONS, SCHEMAS

MOST: Final = 50
MOST_SKIPPED: Final = 250
# A client shows previews in a frame of its own page.
PREVIEW_POLICY: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_MACHINERY: Final = (OWL, RDF, RDFS)


class Reconciliation:
    """The service over the index of names and the graph of one revision."""

    def __init__(self, service: QueryService, names: Names, settings: Settings) -> None:
        self._service = service
        self._names = names
        self._seconds = settings.query_seconds
        self.batch = settings.reconcile_batch

    def file(self) -> NameFile:
        """Give the index of names of the revision that is served."""
        return self._names.of(self._service.snapshot)

    def extending(self) -> Extending:
        """Give what reads values of properties."""
        return Extending(self._service, self.file())

    def match_old(self, text: str) -> Response:
        """Answer a batch of version 0.2."""
        batch = read_old_batch(read_json(text, "queries"), most=self.batch)
        found = self._reconcile(tuple(batch.values()))
        fields = {
            key: {"result": [candidate_fields(each, draft=False) for each in candidates]}
            for key, candidates in zip(batch, found, strict=True)
        }
        return self.answer(fields)

    def _reconcile(self, questions: tuple[Question, ...]) -> list[tuple[Candidate, ...]]:
        properties = PropertyValues(self._service)
        return reconcile(self.file(), properties, questions, seconds=self._seconds)

    def match(self) -> Response:
        """Answer a batch of the draft of version 1.0."""
        batch = read_new_batch(_body(), most=self.batch)
        found = self._reconcile(batch)
        results = [
            {"candidates": [candidate_fields(each, draft=True) for each in candidates]}
            for candidates in found
        ]
        return self.answer({"results": results})

    def extend(self, extension: Extension, rows: Callable[..., Any]) -> Response:
        """Answer an extension, with rows in the form of one version."""
        extending = self.extending()
        predicates = tuple(column.predicate for column in extension.columns)
        iris = {asked: read_name(asked, "extend.ids") for asked in extension.rows}
        table = extending.values(tuple(iris.values()), predicates)
        by_asked = {asked: table[iri] for asked, iri in iris.items()}
        names, ranges = extending.named(predicates), extending.ranges(predicates)
        meta = meta_fields(extension.columns, names, ranges)
        return self.answer(
            {"meta": meta, "rows": rows(extension.rows, extension.columns, by_asked)}
        )

    def suggest(self, field: str) -> Response:
        """Answer what was typed into a field for an entity, a property or a type."""
        prefix = given("prefix") or ""
        limit = read_count("limit", default=10, most=MOST)
        offset = read_count("offset", default=0, most=MOST_SKIPPED)
        offset = read_count("cursor", default=offset, most=MOST_SKIPPED)
        if field == "property":
            properties = self.extending().properties(prefix, limit=limit, offset=offset)
            return self.answer({"result": [named_fields(each) for each in properties]})
        if field == "type":
            types = self._types(prefix)[offset : offset + limit]
            return self.answer({"result": [named_fields(each) for each in types]})
        sought = Sought(text=prefix, kinds=KINDS)
        page = search(self.file(), sought, limit=limit, offset=offset)
        return self.answer({"result": [suggestion_fields(each) for each in page.results]})

    def propose(self) -> Response:
        """Answer which properties the things of a type have."""
        type_ = required("type")
        limit = read_count("limit", default=0, most=10**6)
        found = self.extending().proposals(read_name(type_, "type"), limit or MOST_SKIPPED)
        fields: dict[str, Any] = {"type": type_, "properties": [named_fields(p) for p in found]}
        return self.answer({**fields, **({"limit": limit} if limit else {})})

    def thing(self, name: str) -> tuple[Thing, tuple[str, ...]]:
        """Give a thing, and its other spellings.

        Raises:
            NotFound: nothing is called so.
        """
        with self.file().lookup() as rows:
            number = rows.number_of_name(name)
            if number is None:
                raise NotFound(f"nothing with the identifier {name[:100]!r} has a name")
            thing = rows.thing(number)
            spellings = {text: fold(text, language) for text, language, _ in rows.spellings(number)}
        others = sorted(text for text, known in spellings.items() if known != fold(thing.label))
        return thing, tuple(others)

    def answer(self, fields: object) -> Response:
        """Answer with JSON."""
        response = Response(dump(fields), content_type=JSON.content_type)
        mark(response, None, self._service.snapshot.revision)
        return response

    def _types(self, prefix: str) -> list[Named]:
        with self.file().lookup() as rows:
            types = [each for each in rows.types() if not each.iri.startswith(_MACHINERY)]
        asked = fold(prefix)
        named = [Named(each.iri, each.label, f"{each.size} things") for each in types]
        if not prefix.strip():
            return named
        begun = [each for each in named if fold(each.name).startswith(asked) and asked]
        within = [each for each in named if f" {asked}" in fold(each.name) and asked]
        same = [each for each in named if prefix.strip() in (each.iri, shorten(each.iri))]
        return list(dict.fromkeys((*same, *begun, *within)))


def reconcile_blueprint(
    service: QueryService, settings: Settings, names: Names, *, addresses: Addresses
) -> Blueprint:
    """Make the views of the reconciliation service."""
    blueprint = Blueprint("reconcile", __name__)
    service_of = Reconciliation(service, names, settings)

    @blueprint.route(f"/{ROOT}", methods=["GET", "POST"])
    def root() -> Response:
        queries, extend = _field("queries"), _field("extend")
        if queries is not None and extend is not None:
            raise wrong_parameter("either queries or extend is answered, not both at once")
        if queries is not None:
            return service_of.match_old(queries)
        if extend is not None:
            return service_of.extend(read_extension(read_json(extend, "extend")), old_rows)
        if request.method == "POST":
            raise wrong_parameter("the form has neither queries nor extend")
        return service_of.answer(old_manifest(request.url_root, batch=service_of.batch))

    @blueprint.get(f"/{DRAFT_ROOT}")
    def draft_root() -> Response:
        return service_of.answer(draft_manifest(request.url_root, batch=service_of.batch))

    @blueprint.get(f"/{ROOT}/flyout/<any(entity, property, type):field>")
    def flyout(field: str) -> Response:
        name = required("id")
        thing, spellings = service_of.thing(name)
        if (field == "entity") == (thing.kind == "term"):
            raise NotFound(f"{thing.iri} is a {thing.kind}, not what a field for {field} takes")
        html = render_template("reconcile_flyout.html", thing=thing, spellings=spellings[:5])
        return service_of.answer({"id": name, "html": html.strip()})

    for place, version in ((ROOT, "old"), (DRAFT_ROOT, "draft")):
        add = blueprint.add_url_rule

        def view() -> Response:
            thing, _ = service_of.thing(required("id"))
            link = addresses.link_of(thing.iri)
            if link is None:
                raise NotFound(f"{thing.iri} has no page")
            return redirect(link, code=303)  # type: ignore[return-value]  # Flask's own response

        def preview() -> Response:
            thing, spellings = service_of.thing(required("id"))
            body = render_template("reconcile_preview.html", thing=thing, spellings=spellings[:5])
            response = Response(body, content_type=PAGE.content_type)
            response.headers["Content-Security-Policy"] = PREVIEW_POLICY
            mark(response, None, service.snapshot.revision)
            return response

        def extend_table() -> Response:
            return service_of.extend(read_extension(_body()), draft_rows)

        add(f"/{place}/match", f"match-{version}", service_of.match, methods=["POST"])
        add(f"/{place}/extend", f"extend-{version}", extend_table, methods=["POST"])
        add(f"/{place}/extend/propose", f"propose-{version}", service_of.propose)
        add(f"/{place}/preview", f"preview-{version}", preview)
        add(f"/{place}/view", f"view-{version}", view)
        add(
            f"/{place}/suggest/<any(entity, property, type):field>",
            f"suggest-{version}",
            service_of.suggest,
        )
    declare(blueprint, *OPERATIONS, schemas=SCHEMAS)
    return blueprint


def _field(name: str) -> str | None:
    """Give a field of the form or the address; `None` where it is absent."""
    values = [*request.form.getlist(name), *request.args.getlist(name)]
    return require_at_most_one(values, name)


def _body() -> Any:
    """Read the JSON body of a request of the draft.

    Raises:
        RequestRefused: 415 where it is called something else, 400 where it is no JSON.
    """
    if request.mimetype != "application/json":
        detail = f"the body is {request.mimetype or 'of no type'}; application/json is read"
        raise RequestRefused(problem("media-type", detail))
    return read_json(request.get_data().decode("utf-8", "replace"), "the body")
