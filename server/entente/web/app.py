"""The application: a factory that wires an injected service into Flask.

Owns the order in which the parts are put together, and nothing else. No work at import, no global
state: two applications with two services may live in one process.
"""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from entente.core.build_record import BuildRecord
from entente.core.settings import Settings
from entente.core.tokens import Tokens
from entente.query.asof import Past
from entente.query.names import Names
from entente.query.service import QueryService
from entente.query.writing import WriteService
from entente.web.access import Access
from entente.web.addresses import Addresses
from entente.web.api import api_blueprint
from entente.web.api_named import named_blueprint
from entente.web.api_overview import overview_blueprint
from entente.web.discovery import discovery_blueprint
from entente.web.documents import documents_blueprint
from entente.web.dumps import dumps_blueprint
from entente.web.failures import install_handlers
from entente.web.graph_store import graphs_blueprint
from entente.web.headers import install_headers
from entente.web.health import health_blueprint
from entente.web.journal import install_journal
from entente.web.kept import install_kept
from entente.web.lists import lists_blueprint
from entente.web.nanopubs import nanopubs_blueprint
from entente.web.queries import queries_blueprint
from entente.web.rate import install_rate
from entente.web.reconcile import reconcile_blueprint
from entente.web.releases import releases_blueprint
from entente.web.rendering import install_rendering
from entente.web.reports import install_reports
from entente.web.search import search_blueprint
from entente.web.sparql import sparql_blueprint
from entente.web.updates import Writing, updates_blueprint


def create_app(
    service: QueryService,
    settings: Settings,
    *,
    writes: WriteService | None = None,
    record: BuildRecord | None = None,
) -> Flask:
    """Make the WSGI application.

    Args:
        service: started by the caller, who also stops it.
        settings: `public_base` says which IRIs this host answers for.
        writes: takes the writes, started and stopped by the caller; without it the graph is
            read-only.
        record: what became of the builds of this server, where it makes any.
    """
    record = record or BuildRecord()
    app = Flask("entente.web")
    app.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    # An IRI with two slashes is another IRI: no redirects between spellings of a path.
    app.url_map.merge_slashes = False
    addresses = Addresses(settings.public_base)
    access = Access(Tokens(settings.tokens), writable=writes is not None)
    journal = install_journal(app, service, record=record)
    if settings.proxies:
        count = settings.proxies
        fixed = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)
        app.wsgi_app = fixed  # type: ignore[method-assign]  # as Flask advises
    install_rate(app, settings)
    writing = Writing(service, writes, access=access, settings=settings, counted=journal.writes)
    past = Past(service, settings)
    names = Names(service)
    install_handlers(app)
    install_headers(app)
    install_rendering(app, service=service, addresses=addresses)
    app.register_blueprint(health_blueprint(service, record))
    install_reports(app, service)
    app.register_blueprint(
        sparql_blueprint(service, settings, access=access, writing=writing, past=past)
    )
    app.register_blueprint(updates_blueprint(writing))
    app.register_blueprint(queries_blueprint(service, access))
    app.register_blueprint(graphs_blueprint(service, writing, addresses=addresses, past=past))
    app.register_blueprint(api_blueprint(service, settings, past))
    app.register_blueprint(named_blueprint(service, settings, past=past))
    app.register_blueprint(overview_blueprint(service))
    app.register_blueprint(search_blueprint(service, names, past, addresses=addresses))
    app.register_blueprint(reconcile_blueprint(service, settings, names, addresses=addresses))
    app.register_blueprint(lists_blueprint(service, past))
    app.register_blueprint(discovery_blueprint(service, addresses))
    app.register_blueprint(dumps_blueprint(service, past))
    app.register_blueprint(releases_blueprint(settings.release_folder))
    app.register_blueprint(nanopubs_blueprint(settings.release_folder))
    app.register_blueprint(documents_blueprint(service, addresses, past))
    kept = install_kept(app, service, most_bytes=settings.cache_bytes)
    journal.others.append(kept.families)
    return app
