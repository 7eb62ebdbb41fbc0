"""Tells Schemathesis how SPARQL and patches are sent: as the text that they are."""

from importlib import import_module
from typing import Any

# The library is in .cache and not in .venv: the type checker cannot know it.
schemathesis: Any = import_module("schemathesis")


@schemathesis.serializer(  # type: ignore[untyped-decorator]  # see above
    "application/sparql-update", "application/sparql-query", "application/rdf-patch"
)
def as_text(context: object, value: object) -> bytes:  # noqa: ARG001  # Schemathesis calls it so
    """Send a text as its bytes."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "replace")
