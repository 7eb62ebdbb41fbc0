"""`entente export`: accepted changes to source files, for git."""

from collections.abc import Mapping
from pathlib import Path

import click

from entente.cli.graph import open_snapshots
from entente.cli.options import chosen_root, chosen_settings, root_option, settings_options
from entente.cli.progress import plural
from entente.core.errors import SettingError, StoreError


@click.command("export")
@root_option
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder `data` (or the project's folder) to write to; the project's own by default.",
)
@settings_options("state", "default_graph")
def command(*, root: Path | None, target: Path | None, **values: object) -> None:
    """Write accepted changes into the files that they concern, in canonical form.

    Changes to the ontology go to the folder `ontology` beside `data`. Prints the path of each file
    that was written. Build again afterwards; the new build then takes the place of the changes.
    """
    from entente.build.export import export
    from entente.build.freshness import digests_of, read_inputs
    from entente.store.patches import read_patch
    from entente.store.pending import net_effect

    settings = chosen_settings(values)
    place = chosen_root(root) if target is None else _project_of(target)
    snapshots = open_snapshots(settings)
    entries = snapshots.pending()
    changes = [read_patch(snapshots.log.patch_of(entry)) for entry in entries]
    net = net_effect(changes)
    passing = net.removed & frozenset().union(*(one.added for one in changes))
    contents, built = read_inputs(place), snapshots.current().inputs
    altered = [path for path, digest in digests_of(contents).items() if built.get(path) != digest]
    result = export(
        contents, added=net.added, removed=net.removed, altered=altered, passing=passing
    )
    for file in _write(place, result.texts):
        click.echo(file)
    count, files = plural(len(entries), "change"), plural(len(result.texts), "file")
    click.echo(f"{count} since the last build, {files} written", err=True)
    if result.homeless:
        for graph in sorted({str(quad.graph_name) for quad in result.homeless}):
            click.echo(f"entente: no file takes the graph {graph}; it was not exported", err=True)
        raise click.exceptions.Exit(1)


def _write(place: Path, texts: Mapping[str, str]) -> list[Path]:
    """Write all files, or none where one cannot be written; an empty text takes its file away.

    Raises:
        StoreError: the folder cannot be written.
    """
    fresh: dict[Path, Path] = {}
    try:
        for path, text in sorted(texts.items()):
            file = place / path
            if text:
                file.parent.mkdir(parents=True, exist_ok=True)
                fresh[file] = file.with_name(file.name + ".new")
                fresh[file].write_text(text, "utf-8")
        for path in sorted(texts):
            file = place / path
            if file in fresh:
                fresh[file].replace(file)
            else:
                file.unlink(missing_ok=True)
    except OSError as error:
        for temporary in fresh.values():
            temporary.unlink(missing_ok=True)
        raise StoreError(f"the files cannot be written: {error.strerror}") from error
    return [place / path for path in sorted(texts)]


def _project_of(target: Path) -> Path:
    place = target.resolve()
    root = place.parent if place.name == "data" else place
    for folder in ("data", "ontology"):
        if not (root / folder).is_dir():
            raise SettingError(
                f"{target} is no folder `data` beside `ontology`, and no project's folder"
            )
    return root
