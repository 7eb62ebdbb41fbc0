"""Search over HTTP: `/api/search`, `/api/suggest`, and the page `/search` for people.

Owns the parameters and the forms of the answers; what fits is `entente.query.search`'s. All take
`asOf`. Answers carry the revision whose index they come from, which is the one that is served.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from flask.sansio.blueprints import BlueprintSetupState

from entente.core.media import PAGE, Format
from entente.core.terms import SCHEMA
from entente.query.asof import Past
from entente.query.finding import LONGEST, POOL, Sought
from entente.query.name_file import NameFile, Type
from entente.query.names import Names
from entente.query.search import KINDS, Page, Result, search
from entente.query.service import QueryService
from entente.web.addresses import Addresses
from entente.web.answers import mark, tag_of, unchanged
from entente.web.api_parameters import given, read_count, read_iri, required
from entente.web.api_past import Dated, turn
from entente.web.json_body import JSON, dump
from entente.web.jsonld import JSONLD
from entente.web.operations import declare
from entente.web.problems import wrong_parameter
from entente.web.rendering import show_day
from entente.web.search_operations import OPERATIONS, SCHEMAS
from entente.web.variants import choose_among

PATH: Final = "/search"
MOST: Final = 100
MOST_SUGGESTIONS: Final = 20
MOST_TYPES: Final = 20
CLAIMS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """The index that answers a request, for which day and revision."""

    file: NameFile
    dated: Dated
    revision: int
    tag: str


def search_blueprint(
    service: QueryService, names: Names, past: Past, *, addresses: Addresses
) -> Blueprint:
    """Make the views of search."""
    blueprint = Blueprint("search", __name__)

    def opened(form: str) -> Opened:
        dated = turn(service, past, request.args.items(multi=True))
        snapshot = dated.service.snapshot
        fields = sorted(request.args.items(multi=True))
        tag = tag_of(snapshot.revision, request.path, fields, dated.day, form)
        return Opened(names.of(snapshot), dated, snapshot.revision, tag)

    def finish(found: Opened, body: bytes | str, form: Format) -> Response:
        response = Response(body, content_type=form.content_type)
        mark(response, found.tag, found.revision)
        return found.dated.mark(response)

    def known(found: Opened) -> Response | None:
        response = unchanged(found.tag, found.revision)
        return None if response is None else found.dated.mark(response)

    @blueprint.get("/api/search")
    def find() -> Response:
        form = choose_among(JSON, JSONLD)
        sought = read_sought(required("q"))
        limit = read_count("limit", default=20, most=MOST)
        offset = read_count("offset", default=0, most=POOL)
        found = opened(form.name)
        response = known(found)
        if response is not None:
            return response
        page = search(found.file, sought, limit=limit, offset=offset)
        if form is JSONLD:
            return finish(found, _as_list(page, offset, base=request.base_url), form)
        fields = {
            **_head(found, sought),
            "total": page.total,
            "totalIs": "exact" if page.complete else "at-least",
            "offset": offset,
            "limit": limit,
            "results": [result_fields(result, addresses) for result in page.results],
        }
        return finish(found, dump(fields), JSON)

    @blueprint.get("/api/suggest")
    def suggest() -> Response:
        sought = read_sought(given("q") or "")
        limit = read_count("limit", default=10, most=MOST_SUGGESTIONS)
        found = opened("json")
        response = known(found)
        if response is not None:
            return response
        page = search(found.file, sought, limit=limit)
        suggestions = [_brief(result_fields(result, addresses)) for result in page.results]
        fields = {**_head(found, sought), "suggestions": suggestions}
        return finish(found, dump(fields), JSON)

    @blueprint.get(PATH)
    def page() -> Response:
        text = given("q") or ""
        sought = read_sought(text)
        offset = read_count("offset", default=0, most=POOL)
        found = opened("page")
        show_day(found.dated.day)
        response = known(found)
        if response is not None:
            return response
        with_claims = not sought.kinds and not offset
        things = search(found.file, sought, limit=20, offset=offset)
        claims = Sought(text=text, kinds=("claim",), types=sought.types)
        said = search(found.file, claims, limit=CLAIMS_SHOWN) if with_claims else None
        body = render_template(
            "search.html",
            search_text=text,
            found=things,
            said=said,
            offset=offset,
            limit=20,
            sought=sought,
            kinds=KINDS,
            marked=marked,
            link_to=_linker(sought),
        )
        return finish(found, body, PAGE)

    def offer_box(state: BlueprintSetupState) -> None:
        state.app.jinja_env.globals["search_path"] = PATH

    blueprint.record_once(offer_box)
    declare(blueprint, *OPERATIONS, schemas=SCHEMAS)
    return blueprint


def _linker(sought: Sought) -> Callable[..., str]:
    """Make the function that gives links to other pages of results, or to those of one kind."""

    def link_to(*, offset: int = 0, kind: str | None = None) -> str:
        kinds = sought.kinds if kind is None else tuple(filter(None, (kind,)))
        fields = [("q", sought.text), *(("type", each) for each in sought.types)]
        fields += [("kind", each) for each in kinds]
        return f"{PATH}?{urlencode(fields + ([('offset', str(offset))] if offset else []))}"

    return link_to


def read_sought(text: str) -> Sought:
    """Read what is looked for, beside its text, from the parameters of the current request.

    Raises:
        RequestRefused: a parameter is malformed.
    """
    if len(text) > LONGEST:
        raise wrong_parameter(f"q has {len(text)} characters; at most {LONGEST} are looked up")
    types = [each for each in request.args.getlist("type") if each.strip()]
    kinds = [each for each in request.args.getlist("kind") if each.strip()]
    if len(types) > MOST_TYPES:
        raise wrong_parameter(f"type is given {len(types)} times; at most {MOST_TYPES}")
    unknown = next((kind for kind in kinds if kind not in KINDS), None)
    if unknown is not None:
        raise wrong_parameter(f"kind is {unknown[:40]!r}; one of {', '.join(KINDS)}")
    language = given("lang")
    if language is not None and not _is_language(language):
        raise wrong_parameter(f"lang is {language[:40]!r}; it must be a language tag such as uk")
    return Sought(
        text=text,
        types=tuple(read_iri(each.strip(), "type").value for each in types),
        kinds=tuple(dict.fromkeys(kinds)),
        language=language and language.partition("-")[0].lower(),
    )


def result_fields(result: Result, addresses: Addresses) -> dict[str, Any]:
    """Give a result as the members of a JSON object; what is not known is absent."""
    fields = {
        "id": result.iri,
        "label": result.label,
        "language": result.language,
        "kind": result.kind,
        "types": [_type_fields(each) for each in result.types],
        "description": result.description,
        "match": result.match,
        "score": result.score,
        "matched": {
            "text": result.matched,
            **({"language": result.matched_language} if result.matched_language else {}),
            "role": result.role,
            "highlights": [list(each) for each in result.ranges],
        },
        "connections": result.weight,
        "page": addresses.link_of(result.iri),
    }
    return {name: value for name, value in fields.items() if value is not None}


def marked(text: str, ranges: tuple[tuple[int, int], ...]) -> Iterator[tuple[str, bool]]:
    """Cut a text at the ranges that fit: each part, and whether it does."""
    place = 0
    for start, end in ranges:
        yield text[place:start], False
        yield text[start:end], True
        place = end
    yield text[place:], False


def _head(found: Opened, sought: Sought) -> dict[str, Any]:
    day = {"asOf": found.dated.day} if found.dated.day else {}
    return {"revision": found.revision, **day, "query": sought.text}


def _brief(fields: dict[str, Any]) -> dict[str, Any]:
    wanted = ("id", "label", "language", "kind", "types", "matched", "page")
    return {name: fields[name] for name in wanted if name in fields}


def _type_fields(type_: Type) -> dict[str, str]:
    return {"id": type_.iri, "label": type_.label}


def _as_list(page: Page, offset: int, *, base: str) -> bytes:
    """Give the results in JSON-LD, as a list of schema.org."""
    elements = [
        {
            "@type": "ListItem",
            "position": place,
            "item": {
                "@id": result.iri,
                **({"@type": [each.iri for each in result.types]} if result.types else {}),
                "name": _text(result.label, result.language),
                **({"description": result.description} if result.description else {}),
                **(
                    {"alternateName": _text(result.matched, result.matched_language)}
                    if result.matched != result.label
                    else {}
                ),
            },
        }
        for place, result in enumerate(page.results, offset + 1)
    ]
    search_text = request.query_string.decode("ascii", "replace")
    whole = {
        "@context": {"@vocab": SCHEMA, "position": {"@type": SCHEMA + "Integer"}},
        "@id": f"{base}?{search_text}",
        "@type": "ItemList",
        "numberOfItems": page.total,
        "itemListElement": elements,
    }
    return dump(whole)


def _text(text: str, language: str | None) -> object:
    return {"@value": text, "@language": language} if language else text


def _is_language(tag: str) -> bool:
    return all(part.isascii() and part.isalnum() and len(part) <= 8 for part in tag.split("-"))
