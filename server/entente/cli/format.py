"""`entente format`: Turtle and TriG in canonical form."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from entente.cli.options import chosen_root, root_option
from entente.cli.progress import plural


@click.command("format")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Name the files that differ; write none.")
@root_option
def command(*, files: tuple[Path, ...], only_check: bool, root: Path | None) -> None:
    """Write FILES, or all of ontology and data, in canonical form.

    One prefix list, one block a subject, everything sorted. A file with a `#` comment is refused,
    since a graph does not hold comments: say it in skos:editorialNote.
    """
    from pyoxigraph import RdfFormat

    from entente.logic.canonical import CommentLost, NotWritten, reformat

    refused = changed = 0
    chosen = files or tuple(_sources(chosen_root(root)))
    for path in chosen:
        syntax = RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE
        text = path.read_text("utf-8")
        try:
            canonical = reformat(text, syntax)
        except CommentLost as error:
            click.echo(f"{path}:{error.line}: error: {error}", err=True)
            refused += 1
            continue
        except NotWritten as error:
            click.echo(f"{path}: error: {error}", err=True)
            refused += 1
            continue
        except SyntaxError as error:
            click.echo(f"{path}:{error.lineno}: error: {error.args[0]}", err=True)
            refused += 1
            continue
        if canonical != text:
            changed += 1
            click.echo(path)
            if not only_check:
                _replace(path, canonical)
    verb = "not canonical" if only_check else "rewritten"
    click.echo(f"{plural(len(chosen), 'file')}, {changed} {verb}", err=True)
    if refused or (only_check and changed):
        sys.exit(1)


def _sources(root: Path) -> Iterator[Path]:
    for folder in ("ontology", "data"):
        for pattern in ("*.ttl", "*.trig"):
            yield from sorted((root / folder).rglob(pattern))


def _replace(path: Path, text: str) -> None:
    temporary = path.with_name(path.name + ".new")
    temporary.write_text(text, "utf-8")
    temporary.replace(path)
