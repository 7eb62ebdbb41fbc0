"""Backup: one revision and its change log, as one tar file that carries its own digests.

Owns the layout of that file and the way back. A backup is made while the store is served and
written: the snapshot is held and never written, of the log only entries up to it are taken. Tokens
are not in it (they belong to a machine), nor the artifact (it can be built again). Every file is
held to its digest before a restore changes anything.
"""

import io
import json
import shutil
import tarfile
import time
from itertools import chain, count
from pathlib import Path
from typing import Final

from entente.core.errors import StoreError
from entente.core.manifest import sha256_of
from entente.store.changelog import LOG
from entente.store.durability import exchange, sync, sync_tree
from entente.store.snapshot import BASE_NAME
from entente.store.snapshots import Snapshots

CONTENTS: Final = "backup.json"
FORMAT: Final = 1


def back_up(snapshots: Snapshots, target: Path) -> int:
    """Write the current revision to a new tar file (compressed where it ends in `gz`).

    Returns:
        The revision.

    Raises:
        StoreError: the target exists, or cannot be written.
    """
    temporary = target.with_name(target.name + ".new")
    try:
        with snapshots.hold() as hold:
            snapshot = hold.snapshot
            entries = [e for e in snapshots.log.entries() if e.revision <= snapshot.revision]
            if target.exists():
                raise StoreError(f"{target} exists: choose another name")
            files = {
                f"snapshot/{path.relative_to(snapshot.path).as_posix()}": path
                for path in sorted(snapshot.path.rglob("*"))
                if path.is_file()
            }
            files |= {
                f"changes/{entry.patch}": snapshots.changes / entry.patch for entry in entries
            }
            base = json.dumps({"revision": snapshot.base}).encode() + b"\n"
            made: dict[str, bytes] = {f"snapshot/{BASE_NAME}": base}
            if entries:
                lines = (snapshots.changes / LOG).read_bytes().splitlines(keepends=True)
                made[f"changes/{LOG}"] = b"".join(lines[: len(entries)])
            digests = {name: sha256_of(content) for name, content in made.items()}
            mode = "w:gz" if target.suffix in (".gz", ".tgz") else "w"
            with tarfile.open(temporary, mode) as archive:  # type: ignore[call-overload]  # one of two
                for name, path in files.items():
                    if name not in made:
                        content = path.read_bytes()
                        digests[name] = sha256_of(content)
                        _add(archive, name, content)
                for name, content in made.items():
                    _add(archive, name, content)
                about = {"format": FORMAT, "revision": snapshot.revision, "files": digests}
                _add(archive, CONTENTS, json.dumps(about, indent=1, sort_keys=True).encode())
        sync(temporary)
        temporary.replace(target)
        sync(target.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        place = str(error.filename or target).removesuffix(".new")
        raise StoreError(f"the backup cannot be written: {error.strerror}: {place}") from error
    return snapshot.revision


def restore(snapshots: Snapshots, source: Path, *, force: bool = False) -> int:
    """Make a backup current; a server that runs answers from it within seconds.

    Args:
        snapshots: of the folder that is restored into.
        source: a file that `back_up` made.
        force: replace a store that exists; the former one stays beside it.

    Returns:
        The revision, which is above all that were served from here.

    Raises:
        StoreError: the file is no backup, is damaged, or there is a store already.
    """
    folder = snapshots.folder
    unpacked = folder.with_name(f".{folder.name}.restored")
    shutil.rmtree(unpacked, ignore_errors=True)
    try:
        if snapshots.revisions() and not force:
            raise StoreError(f"{folder} holds a store: restore with --force to replace it")
        unpacked.mkdir(parents=True)
        revision = _unpack(source, unpacked)
        sync_tree(unpacked)
        if snapshots.revisions():
            with snapshots.alone():  # no write takes the number meanwhile
                last = max(revision, *(served + 1 for served in snapshots.revisions()))
                _name(unpacked, last)
                # one step from the old store to the new: a kill leaves one or the other there
                before = _free_name(folder)
                unpacked.rename(before)
                try:
                    exchange(before, folder)
                except OSError:
                    before.rename(unpacked)
                    raise
        else:
            last = revision
            _name(unpacked, last)
            shutil.rmtree(folder, ignore_errors=True)
            unpacked.rename(folder)
        sync(folder.parent)
    except (OSError, tarfile.TarError, EOFError) as error:
        raise StoreError(f"the backup cannot be restored: {error}") from error
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return last


def _name(folder: Path, revision: int) -> None:
    """Give what was unpacked the place and the number of a current snapshot."""
    numbered = folder / "snapshots"
    numbered.mkdir()
    (folder / "snapshot").rename(numbered / f"{revision:05d}")
    (folder / "current").symlink_to(f"snapshots/{revision:05d}")
    sync(numbered)
    sync(folder)


def _free_name(folder: Path) -> Path:
    """Give a name beside a folder for what it held before."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
    name = f"{folder.name}.before-{stamp}"
    names = chain([name], (f"{name}-{number}" for number in count(2)))
    return next(path for path in map(folder.with_name, names) if not path.exists())


def _unpack(source: Path, target: Path) -> int:
    """Unpack and hold every file to its digest; give the revision."""
    with tarfile.open(source) as archive:
        members = archive.getmembers()
        wrong = [m.name for m in members if not m.isfile() or ".." in m.name or m.name[:1] == "/"]
        if wrong:
            raise StoreError(f"{source.name} is no backup: it has {wrong[0]!r}")
        digests = {}
        for member in members:
            file = archive.extractfile(member)
            assert file is not None
            content = file.read()
            digests[member.name] = sha256_of(content)
            path = target / member.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
    try:
        about = json.loads((target / CONTENTS).read_bytes())
        (target / CONTENTS).unlink()
        if about["format"] != FORMAT:
            raise StoreError(f"{source.name} has a format that this version does not read")
        del digests[CONTENTS]
        if digests != about["files"]:
            odd = sorted(dict(digests.items() ^ about["files"].items()))
            raise StoreError(f"{source.name} is damaged: {odd[0]} is not what was backed up")
        return int(about["revision"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{source.name} is no backup: it has no {CONTENTS}") from error


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size, about.mode, about.mtime = len(content), 0o644, int(time.time())
    archive.addfile(about, io.BytesIO(content))
