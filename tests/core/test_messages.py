from io import BytesIO

import pytest

from entente.core.messages import (
    Chunk,
    End,
    Failure,
    Head,
    Job,
    Message,
    Ready,
    decode_frame,
    encode,
    has_frame,
    read_message,
)

MESSAGES: list[Message] = [
    Job(id="1", query="ASK {}", graph_format=None, default_graphs=("urn:a", "urn:b")),
    Job(id="2", query='"é😀\\u0000\n\ud800'),
    Ready(revision=3, process=42),
    Head(form="select", format="json"),
    Chunk(b""),
    Chunk(bytes(range(256)) * 1000),
    End(seconds=0.25),
    Failure(kind="syntax", message="unexpected '}'", line=1, column=2),
    Failure(kind="not-acceptable", message="no", offers=("text/csv",)),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_comes_out_as_it_went_in(message: Message) -> None:
    assert read_message(BytesIO(encode(message))) == message
    assert decode_frame(bytearray(encode(message))) == message


def test_messages_follow_each_other() -> None:
    buffer = bytearray(b"".join(encode(message) for message in MESSAGES))
    stream = BytesIO(buffer)
    assert [read_message(stream) for _ in MESSAGES] == MESSAGES
    assert [decode_frame(buffer) for _ in MESSAGES] == MESSAGES
    assert read_message(stream) is None
    assert not buffer


@pytest.mark.parametrize("length", [0, 1, 4, 5, 6])
def test_half_a_message_is_none(length: int) -> None:
    half = encode(Chunk(b"abc"))[:length]
    assert read_message(BytesIO(half)) is None
    buffer = bytearray(half)
    assert not has_frame(buffer)
    assert decode_frame(buffer) is None
    assert buffer == half
