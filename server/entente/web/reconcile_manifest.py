"""Manifests of the reconciliation service: what a client may ask, in the words of both versions.

Owns the addresses of its parts. `/reconcile` speaks version 0.2 and answers the routes of the
1.0 draft as well; the two manifests contradict each other (`suggest` holds addresses in one and
yes or no in the other), so a client of the draft is given the root `/reconcile/1.0-draft`.
"""

from typing import Any, Final

import entente
from entente.core.terms import BASE, ENT
from entente.query.reconciling import ANYTHING

ROOT: Final = "reconcile"
DRAFT_ROOT: Final = "reconcile/1.0-draft"
OLD, DRAFT = "0.2", "1.0-draft"
NAME: Final = "Entente: Europe–Ukraine defence-industrial cooperation"
PREVIEW: Final = (400, 220)
FIELDS: Final = ("entity", "property", "type")
DEFAULT_TYPES: Final = (
    (ANYTHING, "Anything"),
    (ENT + "Agent", "Agent"),
    (ENT + "Facility", "Facility"),
    (ENT + "Initiative", "Initiative"),
    (ENT + "Agreement", "Agreement"),
    (ENT + "Product", "Product"),
    (ENT + "Place", "Place"),
)
_LIMIT: Final = "Values a row"
_LIMIT_HELP: Final = "At most so many values of this property in a row; 0 is all."


def old_manifest(host: str, *, batch: int) -> dict[str, Any]:
    """Give the manifest of version 0.2.

    Args:
        host: address of this host, with its final slash.
        batch: how many queries are answered at once.
    """
    root = host + ROOT
    width, height = PREVIEW
    return {
        "versions": [OLD, DRAFT],
        "name": NAME,
        "identifierSpace": BASE,
        "schemaSpace": ENT,
        "documentation": host + "api",
        "logo": host + "favicon.svg",
        "serviceVersion": entente.__version__,
        "defaultTypes": _types(),
        "view": {"url": f"{root}/view?id={{{{id}}}}"},
        "preview": {
            "url": f"{root}/preview?id={{{{id}}}}",
            "width": width,
            "height": height,
        },
        "suggest": {
            each: {
                "service_url": root,
                "service_path": f"/suggest/{each}",
                "flyout_service_url": root,
                "flyout_service_path": f"/flyout/{each}?id=${{id}}",
            }
            for each in FIELDS
        },
        "extend": {
            "propose_properties": {"service_url": root, "service_path": "/extend/propose"},
            "property_settings": [
                {
                    "name": "limit",
                    "label": _LIMIT,
                    "type": "number",
                    "default": 0,
                    "help_text": _LIMIT_HELP,
                }
            ],
        },
        "batchSize": batch,
    }


def draft_manifest(host: str, *, batch: int) -> dict[str, Any]:
    """Give the manifest of the draft of version 1.0; see `old_manifest`."""
    width, height = PREVIEW
    return {
        "versions": [DRAFT],
        "name": NAME,
        "lang": "en",
        "documentation": host + "api",
        "logo": host + "favicon.svg",
        "serviceVersion": entente.__version__,
        "defaultTypes": _types(),
        "view": {"url": f"{host}{DRAFT_ROOT}/view{{?id}}"},
        "preview": {"width": width, "height": height},
        "suggest": dict.fromkeys(FIELDS, True),
        "extend": {
            "proposeProperties": True,
            "propertySettings": [
                {
                    "id": "limit",
                    "name": _LIMIT,
                    "type": "number",
                    "default": 0,
                    "helpText": _LIMIT_HELP,
                }
            ],
        },
        "batchSize": batch,
        "standardizedScore": True,
    }


def _types() -> list[dict[str, str]]:
    return [{"id": iri, "name": name} for iri, name in DEFAULT_TYPES]
