"""Messages between the web process and its readers: a job goes down, frames come up.

Owns the dataclasses and their framing on a pipe: one byte of kind, four bytes of length (big
endian), then the payload: JSON for everything but `Chunk`, whose payload is the answer's bytes.
Nothing is ever unpickled, so a reader that was taken over can at worst send a wrong answer.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Literal

_FRAME: Final = struct.Struct(">cI")
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"))
_DECODER: Final = json.JSONDecoder()

Form = Literal["select", "ask", "graph"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One query to run.

    `default_graphs` and `named_graphs` are the protocol's dataset, which overrides the query's
    own; empty means: what the query names, else the union of all graphs as default graph.
    `results_format` and `graph_format` are names of `entente.core.media`: the reader takes the
    one that fits the query's form, and fails with `not-acceptable` where that one is `None`.
    """

    id: str
    query: str
    results_format: str | None = "json"
    graph_format: str | None = "ttl"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base_iri: str | None = None
    max_bytes: int = 256 * 1024 * 1024
    max_rows: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A reader has opened its snapshot and waits for jobs."""

    revision: int
    process: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The query was parsed and planned: its form and the format of the bytes that follow."""

    form: Form
    format: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of the answer."""

    payload: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """The answer is whole. `seconds` is the reader's own time, for Server-Timing."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The job failed.

    `kind`: syntax, refused, not-acceptable, bytes, rows, memory, remote, remote-late or internal.
    """

    kind: str
    message: str
    line: int | None = None
    column: int | None = None
    offers: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What a process and its parent say to each other beside answers.

    See `entente.query.wire` for the writer, `entente.query.federation` for readers.
    """

    name: str
    fields: Mapping[str, Any]


Message = Job | Ready | Head | Chunk | End | Failure | Note

_KINDS: Final[Mapping[bytes, type[Job | Ready | Head | End | Failure | Note]]] = {
    b"N": Note,
    b"J": Job,
    b"R": Ready,
    b"H": Head,
    b"E": End,
    b"F": Failure,
}
_LETTERS: Final = {kind: letter for letter, kind in _KINDS.items()}


def encode(message: Message) -> bytes:
    """Give a message as one frame."""
    if isinstance(message, Chunk):
        return _FRAME.pack(b"C", len(message.payload)) + message.payload
    fields = {name: getattr(message, name) for name in message.__slots__}
    payload = _ENCODER.encode(fields).encode()
    return _FRAME.pack(_LETTERS[type(message)], len(payload)) + payload


def read_message(stream: BinaryIO) -> Message | None:
    """Read the next message; `None` when the stream has ended (even in mid-frame)."""
    header = _read_exactly(stream, _FRAME.size)
    if header is None:
        return None
    letter, length = _FRAME.unpack(header)
    payload = _read_exactly(stream, length)
    return None if payload is None else _decode(letter, payload)


def has_frame(buffer: bytearray) -> bool:
    """Tell whether a buffer holds a whole message."""
    return len(buffer) >= _FRAME.size and len(buffer) >= _FRAME.size + _FRAME.unpack_from(buffer)[1]


def decode_frame(buffer: bytearray) -> Message | None:
    """Take the first whole message out of a buffer; `None` when there is none yet."""
    if not has_frame(buffer):
        return None
    letter, length = _FRAME.unpack_from(buffer)
    end = _FRAME.size + length
    payload = bytes(memoryview(buffer)[_FRAME.size : end])
    del buffer[:end]
    return _decode(letter, payload)


def _decode(letter: bytes, payload: bytes) -> Message:
    if letter == b"C":
        return Chunk(payload)
    fields: dict[str, Any] = _DECODER.decode(payload.decode())
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
    }
    return _KINDS[letter](**values)


def _read_exactly(stream: BinaryIO, length: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < length:
        part = stream.read(length - len(parts))
        if not part:
            return None
        parts += part
    return bytes(parts)
