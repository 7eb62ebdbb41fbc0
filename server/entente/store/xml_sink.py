"""XML that is well-formed, or an error: what the engine's writers of XML let through is held back.

Owns three defects of theirs (pyoxigraph 0.5.13). A character that XML 1.0 forbids
(https://www.w3.org/TR/xml/#charsets) is written as it is, and the name of a property or class that
has no end fit for an element becomes `<oxprefix:>`: no reader takes either, so the answer fails. A
carriage return is written as it is, and every reader takes it for a line feed: it is escaped.
"""

import re
from typing import Final

from entente.core.errors import NotAcceptable
from entente.core.media import Format
from entente.store.source import Sink

_NAMELESS: Final = b"<oxprefix:"
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]|<oxprefix:[ >/]")


class XmlSink:
    """Passes on the XML of one answer.

    Args:
        sink: takes the bytes.
        formats: all that the answer could have; XML is none of them.
    """

    def __init__(self, sink: Sink, formats: tuple[Format, ...]) -> None:
        self._sink = sink
        self._offers = tuple(one.media_type for one in formats if "xml" not in one.media_type)
        self._kept = b""  # what may be the beginning of what is not XML

    def write(self, part: bytes) -> int:
        """Take a part.

        Raises:
            NotAcceptable: no XML can hold what the answer holds.
        """
        seen = self._kept + part
        found = _NOT_XML.search(seen)
        if found is not None:
            raise NotAcceptable(f"{_why(found.group())}: ask for another", offers=self._offers)
        self._kept = seen[-len(_NAMELESS) :]
        self._sink.write(part.replace(b"\r", b"&#13;"))
        return len(part)

    def flush(self) -> None:
        """Pass it on."""
        self._sink.flush()


def _why(found: bytes) -> str:
    if found.startswith(_NAMELESS):
        return (
            "the answer has a property or class whose IRI does not end in a name that XML can "
            "write, so it has no form in RDF/XML"
        )
    return f"the answer holds the character U+{ord(found.decode()):04X}, which no XML can hold"
