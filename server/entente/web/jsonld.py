"""JSON-LD over HTTP: which form and frame a client wishes, and the answer in it.

Owns the parameters `form` and `frame`, the profiles of the media type that mean the same
(https://www.w3.org/TR/json-ld11/#iana-considerations), and the addresses of the frames. Frames are
chosen by name, never sent: nothing that a client wrote reaches the JSON-LD processor.
"""

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request

from entente.core.errors import NotAcceptable, NotFound
from entente.core.media import GRAPHS, PAGE, by_name
from entente.core.places import project_root
from entente.core.terms import BASE
from entente.query.forms import FORMS, FormRequest, FormService
from entente.query.service import QueryService
from entente.query.standby import Standby
from entente.web.incoming import client_left
from entente.web.problems import wrong_parameter

_found = by_name("jsonld", GRAPHS)
assert _found is not None
JSONLD: Final = _found
CONTEXT: Final = "/context.jsonld"
NAMESPACE: Final = "http://www.w3.org/ns/json-ld#"
FRAMES: Final = BASE + "frames/"
_PROFILE: Final = re.compile(r';\s*profile\s*=\s*(?:"([^"]*)"|([^\s;,]+))', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Variant:
    """The form of a document that was asked for, and the frame that chooses what is in it."""

    asked_form: str | None = None
    frame: str | None = None

    @property
    def form(self) -> str:
        """The form that is answered."""
        return self.asked_form or FORMS[0]

    @property
    def is_default(self) -> bool:
        """Whether nothing was asked for."""
        return self == Variant()

    @property
    def search(self) -> str:
        """The part of the address that asks for it, with its question mark."""
        fields = {"frame": self.frame} if self.frame is not None else {}
        if self.asked_form is not None:
            fields["form"] = self.asked_form
        return "?" + urlencode(fields) if fields else ""

    @property
    def content_type(self) -> str:
        """The media type with the profile of the form."""
        if self.is_default:
            return JSONLD.content_type
        framed = self.frame is not None and self.form == "compacted"
        return f'{JSONLD.media_type};profile="{NAMESPACE}{"framed" if framed else self.form}"'


class JsonLd:
    """Documents in JSON-LD, in any form and frame."""

    def __init__(self, service: QueryService) -> None:
        self._present = FormService(service)
        self._service = service
        self._past: dict[QueryService, FormService] = {}
        self._lock = threading.Lock()
        self.frames: Final = read_frames()

    @property
    def standby(self) -> Standby:
        """The process that forms the documents of the present."""
        return self._present.standby

    def answer(
        self, query: str, *, root: str, variant: Variant, service: QueryService | None = None
    ) -> Response:
        """Answer with what a query finds about a thing.

        Args:
            query: a CONSTRUCT of the library.
            root: IRI of the thing.
            variant: what `read_variant` gave.
            service: that of a day of the past; the present where `None`.
        """
        asked = FormRequest(query=query, root=root, form=variant.form, frame=variant.frame)
        forms = self._forms_of(service)
        formed = forms.give(asked, cancelled=client_left())
        response = Response(formed.body, content_type=variant.content_type)
        response.headers["X-Query-Id"] = formed.query_id
        if formed.age is not None:
            response.headers["Age"] = str(int(formed.age))
            response.headers["Server-Timing"] = "cache;desc=hit"
        else:
            response.headers["Server-Timing"] = f"query;dur={formed.seconds * 1000:.1f}"
        response.headers.add(
            "Link", f'<{CONTEXT}>; rel="{NAMESPACE}context"; type="{JSONLD.media_type}"'
        )
        return response

    def _forms_of(self, service: QueryService | None) -> FormService:
        if service is None or service is self._service:
            return self._present
        with self._lock:
            forms = self._past.get(service)
            if forms is None:
                forms = self._past[service] = FormService(service)
                service.attend(lambda: self._forget(service))
            return forms

    def _forget(self, service: QueryService) -> None:
        with self._lock:
            self._past.pop(service, None)


def read_frames() -> dict[str, bytes]:
    """Read the frames of the project by their names."""
    folder = project_root() / "ontology" / "frames"
    return {path.stem: path.read_bytes() for path in sorted(folder.glob("*.jsonld"))}


def is_wished() -> bool:
    """Tell whether the current request has a parameter that only JSON-LD takes."""
    return bool(request.args.get("frame") or request.args.get("form"))


def read_variant(frames: dict[str, bytes]) -> Variant:
    """Read which form and frame the current request wishes: by parameter, else by profile.

    Raises:
        RequestRefused: a parameter names none that there is.
        NotAcceptable: a profile names a frame that there is not.
    """
    form = _chosen("form", FORMS)
    frame = _chosen("frame", tuple(frames))
    for profile in _profiles():
        name = profile.removeprefix(NAMESPACE)
        if name in FORMS:
            form = form or name
        elif profile.startswith(FRAMES) or ":" not in profile:
            name = profile.removeprefix(FRAMES).removesuffix(".jsonld")
            if name not in frames:
                offers = tuple(f'{JSONLD.media_type};profile="{FRAMES}{one}"' for one in frames)
                raise NotAcceptable(
                    f"no frame is called {name[:50]!r}; there are {', '.join(frames)}",
                    offers=offers,
                )
            frame = frame or name
        # Any other profile is one that this server need not know (RFC 6906, section 3.1).
    return Variant(form, frame)


def _chosen(parameter: str, known: tuple[str, ...]) -> str | None:
    given = [value for value in request.args.getlist(parameter) if value]
    if not given:
        return None
    if len(given) > 1 or given[0] not in known:
        wish = given[0] if len(given) == 1 else f"given {len(given)} times"
        raise wrong_parameter(f"{parameter} is {wish[:50]!r}; one of {', '.join(known)}")
    return given[0]


def _profiles() -> Iterator[str]:
    """Give the profiles of JSON-LD in Accept; one parameter may name several."""
    for element in request.headers.get("Accept", "").split(","):
        if element.strip().lower().startswith(JSONLD.media_type):
            for quoted, plain in _PROFILE.findall(element):
                yield from (quoted or plain).split()


def add_frames(blueprint: Blueprint, documents: JsonLd) -> None:
    """Serve the context, each frame at its own address, and a page that tells of them."""

    @blueprint.get(CONTEXT)
    @blueprint.get("/context", endpoint="context_bare")
    def context() -> Response:
        path = project_root() / "ontology" / "context.jsonld"
        if not path.is_file():
            raise NotFound("this version has no JSON-LD context")
        return _file(path.read_bytes(), JSONLD.media_type)

    @blueprint.get("/frames/<name>.jsonld")
    @blueprint.get("/frames/<name>", endpoint="frame_bare")
    def frame(name: str) -> Response:
        if name not in documents.frames:
            raise NotFound(
                f"no frame is called {name[:50]!r}; there are {', '.join(documents.frames)}"
            )
        response = _file(documents.frames[name], f'{JSONLD.media_type};profile="{NAMESPACE}frame"')
        response.headers["Content-Location"] = f"/frames/{name}.jsonld"
        return response

    @blueprint.get("/frames/")
    def frames() -> Response:
        told = {name: json.loads(text) for name, text in documents.frames.items()}
        types = {
            name: _types(fields.get("type", fields.get("@type"))) for name, fields in told.items()
        }
        body = render_template("frames.html", frames=types)
        return _file(body.encode(), PAGE.content_type)


def _file(body: bytes, content_type: str) -> Response:
    """Answer with what changes with the program only."""
    tag = hashlib.sha256(body).hexdigest()[:24]
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(body, content_type=content_type)
    response.set_etag(tag, weak=True)
    return response


def _types(found: object) -> list[str]:
    return (
        [str(one) for one in found]
        if isinstance(found, list)
        else [str(found)] * (found is not None)
    )
