"""Answers: from what the query service gives to an HTTP response.

Owns the entity tag (made before anything is evaluated), the buffering of small answers and the
headers of an answer. A failure after the first byte is left to rise: the server then cuts the
connection, so a truncated answer never looks complete.
"""

import hashlib
from collections.abc import Iterator
from typing import Final

from flask import Response, request

from entente.core.media import GRAPHS, RESULTS, Format, by_name, wants_version
from entente.query.answer import Answer
from entente.query.cache import is_repeatable
from entente.web.protocol import Asked

SMALL_BYTES: Final = 64 * 1024
RDF_VERSION: Final = "1.2"


def tag_of(revision: int, *parts: object) -> str:
    """Make the opaque part of an entity tag from all that decides an answer's bytes."""
    text = "\x00".join(repr(part) for part in parts)
    return f"{revision}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}"


def tag_of_query(asked: Asked, *, revision: int, base_iri: str) -> str | None:
    """Make the tag of a query's answer; `None` where the answer is not repeatable."""
    if asked.query is None or not is_repeatable(asked.query):
        return None
    formats = tuple(offer.name if offer else None for offer in (asked.results, asked.graph))
    return tag_of(
        revision,
        asked.query,
        asked.default_graphs,
        asked.named_graphs,
        formats,
        asked.page,
        base_iri,
    )


def unchanged(tag: str | None, revision: int) -> Response | None:
    """Give the 304 that If-None-Match asks for, or `None`.

    `*` is not honoured: it would call a query good that was never parsed.
    """
    if tag is None or request.method not in ("GET", "HEAD", "QUERY"):
        return None
    if request.if_none_match.star_tag or not request.if_none_match.contains_weak(tag):
        return None
    response = Response(status=304)
    mark(response, tag, revision)
    return response


def mark(response: Response, tag: str | None, revision: int) -> None:
    """Add the entity tag (weak: the order of rows is not promised) and the revision."""
    if tag is not None:
        response.set_etag(tag, weak=True)
    response.headers["X-Dataset-Revision"] = str(revision)


def stream(answer: Answer, *, tag: str | None, download: str | None = None) -> Response:
    """Answer with the bytes of a reader: whole where they are few, else in chunks.

    Args:
        tag: opaque part of the entity tag.
        download: stem of the file name that a browser is to save under.
    """
    offer = format_of(answer)
    body = Body(answer)
    response = Response(content_type=versioned(offer))
    if body.whole is None:
        response.response = body
    else:
        response.data = body.whole
    describe(response, answer)
    made = tag is not None and tag.startswith(f"{answer.revision}-")
    mark(response, tag if made else None, answer.revision)  # or a write came in between
    if download is not None:
        response.headers["Content-Disposition"] = (
            f'attachment; filename="{download}.{offer.file_extension}"'
        )
    return response


def head_of(offer: Format) -> Response:
    """Give the answer to HEAD where the body is not made: its length is not known, hence not 0."""
    response = Response(content_type=versioned(offer))
    response.automatically_set_content_length = False
    return response


def versioned(offer: Format) -> str:
    """Give the content type of an answer, with the version of RDF that the client asked for.

    RDF 1.1 is RDF 1.2 too, so the label holds for every answer; without the wish there is none,
    since older clients may not know the parameter.
    """
    wished = wants_version(request.headers.get("Accept"), offer, RDF_VERSION)
    return f"{offer.content_type}; version={RDF_VERSION}" if wished else offer.content_type


def describe(response: Response, answer: Answer) -> None:
    """Add what is known of the query's run; its time is known once the answer is whole."""
    response.headers["X-Query-Id"] = answer.query_id
    if answer.age is not None:
        response.headers["Age"] = str(int(answer.age))
        response.headers["Server-Timing"] = "cache;desc=hit"
    elif answer.seconds:
        response.headers["Server-Timing"] = f"query;dur={answer.seconds * 1000:.1f}"


def format_of(answer: Answer) -> Format:
    """Give the format that the reader chose."""
    offer = by_name(answer.format, GRAPHS if answer.form == "graph" else RESULTS)
    assert offer is not None, answer.format
    return offer


class Body:
    """The bytes of an answer; `whole` holds them where they are few."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        parts: list[bytes] = []
        size = 0
        self.whole: bytes | None = None
        for chunk in answer:
            parts.append(chunk)
            size += len(chunk)
            if size > SMALL_BYTES:
                break
        else:
            self.whole = b"".join(parts)
        self._first = parts

    def __iter__(self) -> Iterator[bytes]:
        """Give what was gathered, then what still comes."""
        yield b"".join(self._first)
        self._first = []
        yield from self._answer

    def close(self) -> None:
        """End the query if its answer is not read to the end."""
        self._answer.close()
