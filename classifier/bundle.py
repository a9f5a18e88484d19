"""A model on disk: a directory with a manifest, arrays and the cue files, verified before use.

Reading goes in three visible steps: read the bytes, check them, and only then build from exactly those bytes.
`FORMAT_VERSION` grows when an older program could misread what is written, or a newer one an older bundle.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from classifier import foldtable, names
from classifier.arrayfile import MAKE_ONE, Arrays, packed, read_nearest, unpacked
from classifier.cues import CueSet, definitions, packed_cues, parsed_before
from classifier.errors import BundleError, ClarionError
from classifier.manifest import Manifest, check_manifest
from classifier.nearest import NearestIndex
from classifier.output import beside
from classifier.text import FOLD_VERSION

FORMAT: Final = "clarion-bundle"
# 2: categories; 3: known words, counts capped by the word; 4: n-grams of verbatim words; 5: names alike, parsed cues
FORMAT_VERSION: Final = 5
MANIFEST: Final = "manifest.json"
WEIGHTS: Final = "weights.npz"
PATTERNS: Final = "cues.npz"  # what the cue files are when parsed
NEAREST: Final = "nearest.npz"  # an index of labelled posts, where the bundle carries one
CARD, DATASHEET = "card.md", "datasheet.md"  # for people; nothing that scores reads them
KNOWN: Final = frozenset((WEIGHTS, PATTERNS, NEAREST, CARD, DATASHEET))  # files besides cues
SEAL: Final = "manifest_sha256"


def fold_digest() -> str:
    """Digest of how text is read: a model is only good for the folding and the names it was trained with."""
    tables = foldtable.PATH.read_bytes() + foldtable.USUAL.read_bytes() + names.PATH.read_bytes()
    return hashlib.sha256(f"{FOLD_VERSION}\n".encode() + tables).hexdigest()


@dataclass(frozen=True)
class Bundle:
    """A verified bundle; `documents` are its card and datasheet by file name, where it carries them."""

    manifest: Manifest
    arrays: Arrays
    cues: CueSet
    sha256: str = field(default="")
    nearest: NearestIndex | None = None
    documents: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Bundle({self.manifest.name} {self.manifest.version}, {self.sha256[:12]})"


def shapes(manifest: Manifest) -> dict[str, tuple[tuple[int, ...], str]]:
    """Shape and dtype of every array that a bundle of this manifest has, no more and no less."""
    cues = len(manifest.features["cues"])
    buckets, labels, categories = manifest.gram_settings.buckets, len(manifest.labels), len(manifest.categories)
    of_categories = {
        "category_weights": ((buckets, categories), "int8"),
        "category_scale": ((categories,), "float64"),
        "category_bias": ((categories,), "float64"),
    }
    always: dict[str, tuple[tuple[int, ...], str]] = {
        "idf": ((buckets,), "float32"),
        "weights": ((buckets, labels), "float32"),
        "bias": ((labels,), "float64"),
        "known_words": ((buckets,), "uint8"),
        "cue_weights": ((cues, labels), "float64"),
    }
    return always | (of_categories if categories else {})


def write_bundle(
    directory: Path,
    manifest: Manifest,
    arrays: Arrays,
    cues: CueSet,
    nearest: NearestIndex | None = None,
    documents: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Write a bundle beside its place and put it there in one step.

    Parameters
    ----------
    directory : Path
        Where it goes; an older bundle there is replaced, anything else is left alone.
    manifest, arrays, cues, nearest, documents
        Its parts, see `Bundle`.

    Returns
    -------
    str
        Its digest.

    Raises
    ------
    BundleError
        When something that is no bundle is in the way, or the place cannot be written.
    """
    if directory.exists() and not is_bundle(directory) and (not directory.is_dir() or any(directory.iterdir())):
        raise BundleError(f"{directory}: is there already and is no bundle; give another --out")
    made = beside(directory)
    bundle = Bundle(manifest, arrays, cues, nearest=nearest, documents=documents)
    try:
        made.mkdir(parents=True)
        digest = write_files(made, bundle)
        replace(made, directory)
    except OSError as fault:
        raise BundleError(f"{directory}: cannot be written: {fault.strerror}") from fault
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return digest


def is_bundle(directory: Path) -> bool:
    """Whether a bundle stands there, of whatever version: many programs call a file manifest.json."""
    try:
        written = json.loads((directory / MANIFEST).read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(written, dict) and written.get("format") == FORMAT


def replace(made: Path, directory: Path) -> None:
    """Move a finished directory to its place, an older one out of the way first and back if that fails."""
    if not directory.exists():
        made.rename(directory)
        return
    old = beside(directory, "old")
    try:
        directory.rename(old)
        made.rename(directory)
    finally:
        if not directory.exists():
            old.rename(directory)
        shutil.rmtree(old, ignore_errors=True)


def write_files(directory: Path, bundle: Bundle) -> str:
    """Write everything and, last, the manifest that names it all; returns the digest of the manifest."""
    files = {WEIGHTS: packed(bundle.arrays)} | {f"cues/{name}": body for name, body in bundle.cues.files.items()}
    files[PATTERNS] = packed(packed_cues(bundle.cues))
    files |= {name: text.encode() for name, text in bundle.documents.items()}
    if bundle.nearest is not None:
        files[NEAREST] = packed(bundle.nearest._asdict())
    (directory / "cues").mkdir()
    for name, content in files.items():
        (directory / name).write_bytes(content)
    listed = {name: {"sha256": sha256(content), "size": len(content)} for name, content in sorted(files.items())}
    head = {"format": FORMAT, "format_version": FORMAT_VERSION, "fold_sha256": fold_digest()}
    written = head | asdict(bundle.manifest) | {"files": listed}
    body = json.dumps(written | {SEAL: seal(written)}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (directory / MANIFEST).write_text(body, encoding="utf-8")
    return sha256(body.encode())


def sha256(content: bytes) -> str:
    """Hexadecimal digest."""
    return hashlib.sha256(content).hexdigest()


def seal(written: Mapping[str, Any]) -> str:
    """Digest of what a manifest says, kept inside it so that damage to the manifest itself is noticed too."""
    return sha256(json.dumps({k: v for k, v in written.items() if k != SEAL}, sort_keys=True).encode())


def read_bundle(directory: Path, expected: str | None = None) -> Bundle:
    """Read and verify a bundle.

    Parameters
    ----------
    directory : Path
        Where it is.
    expected : str, optional
        The digest that it must have.

    Returns
    -------
    Bundle
        Built from the very bytes that were verified.

    Raises
    ------
    BundleError
        When it is missing, damaged, foreign, newer than this program, or not the expected one.
    """
    content = read_manifest(directory)
    digest = sha256(content)
    if expected is not None and expected != digest:
        raise BundleError(f"{directory}: has digest {digest}, but {expected} is pinned")
    written = parse_manifest(content, directory)
    files = read_files(directory, written["files"])
    manifest = build_manifest(written, directory)
    arrays = read_arrays(files[WEIGHTS], manifest, directory)
    bodies = {name.removeprefix("cues/"): body for name, body in files.items() if name.startswith("cues/")}
    listed = tuple(cue for cue, _ in definitions(bodies, f"{directory}/cues"))
    if [cue.name for cue in listed] != manifest.features["cues"]:
        raise BundleError(f"{directory}: its cue files and its manifest name different cues; {MAKE_ONE}")
    try:
        cues = parsed_before(listed, bodies, unpacked(files[PATTERNS], f"{directory}/{PATTERNS}"))
    except ValueError as fault:
        raise BundleError(f"{directory}/{PATTERNS}: damaged: {fault}; {MAKE_ONE}") from fault
    nearest = read_nearest(files[NEAREST], f"{directory}/{NEAREST}") if NEAREST in files else None
    documents = {name: readable(files[name], f"{directory}/{name}") for name in (CARD, DATASHEET) if name in files}
    return Bundle(manifest, arrays, cues, digest, nearest, documents)


def readable(content: bytes, place: str) -> str:
    """The text of a document."""
    try:
        return content.decode()
    except UnicodeDecodeError as fault:
        raise BundleError(f"{place}: not UTF-8; {MAKE_ONE}") from fault


def read_manifest(directory: Path) -> bytes:
    """Bytes of the manifest."""
    try:
        return (directory / MANIFEST).read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{directory}: no bundle here; {MAKE_ONE.replace('DIR', str(directory))}") from None
    except OSError as fault:
        raise BundleError(f"{directory}: cannot be read: {fault.strerror}") from fault


def parse_manifest(content: bytes, directory: Path) -> dict[str, Any]:
    """Check that the manifest is ours and of a version that this program knows."""
    try:
        written = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise BundleError(f"{directory}/{MANIFEST}: damaged, not JSON; {MAKE_ONE}") from fault
    if not isinstance(written, dict) or written.get("format") != FORMAT:
        raise BundleError(f"{directory}/{MANIFEST}: not a Clarion bundle; {MAKE_ONE}")
    version = written.get("format_version")
    if version != FORMAT_VERSION:
        older = isinstance(version, int) and version < FORMAT_VERSION
        step = "train it anew" if older else "update Clarion"
        raise BundleError(f"{directory}: bundle format {version}, this program reads {FORMAT_VERSION}; {step}")
    if written.get(SEAL) != seal(written):
        raise BundleError(f"{directory}/{MANIFEST}: damaged: its digest differs; {MAKE_ONE}")
    if written.get("fold_sha256") != fold_digest():
        raise BundleError(f"{directory}: made with another folding than this program's; train it anew")
    for name in (WEIGHTS, PATTERNS):
        if not isinstance(written.get("files"), dict) or name not in written["files"]:
            raise BundleError(f"{directory}/{MANIFEST}: names no {name}; {MAKE_ONE}")
    return written


def read_files(directory: Path, listed: Mapping[str, Any]) -> dict[str, bytes]:
    """Read the listed files and hold size and digest against the manifest."""
    files = {}
    for name, stated in listed.items():
        if name not in KNOWN and not re.fullmatch(r"cues/[^/\\\0]+\.yaml", name):
            raise BundleError(f"{directory}: unexpected file {name!r} in the manifest")
        try:
            content = (directory / name).read_bytes()
        except OSError as fault:
            raise BundleError(f"{directory}/{name}: cannot be read: {fault.strerror}") from fault
        if (
            not isinstance(stated, dict)
            or len(content) != stated.get("size")
            or sha256(content) != stated.get("sha256")
        ):
            raise BundleError(f"{directory}/{name}: damaged: size or digest differ from the manifest; {MAKE_ONE}")
        files[name] = content
    return files


def build_manifest(written: Mapping[str, Any], directory: Path) -> Manifest:
    """The manifest as a record; a missing part is a damaged bundle."""
    try:
        known = {part.name: written[part.name] for part in fields(Manifest)}
        manifest = Manifest(**known | {"labels": tuple(written["labels"])})
        check_manifest(manifest)
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        raise BundleError(f"{directory}/{MANIFEST}: missing or odd part: {fault}; {MAKE_ONE}") from fault
    return manifest


def read_arrays(content: bytes, manifest: Manifest, directory: Path) -> Arrays:
    """Arrays of exactly the names, shapes and types that the manifest asks for, all finite."""
    place = f"{directory}/{WEIGHTS}"
    arrays = unpacked(content, place)
    wanted = shapes(manifest)
    if set(arrays) != set(wanted):
        raise BundleError(f"{place}: arrays {sorted(arrays)}, expected {sorted(wanted)}")
    for name, (shape, dtype) in wanted.items():
        if arrays[name].shape != shape or arrays[name].dtype != dtype:
            raise BundleError(f"{place}: {name} is {arrays[name].dtype}{arrays[name].shape}, expected {dtype}{shape}")
        if not np.isfinite(arrays[name]).all():
            raise BundleError(f"{place}: {name} holds NaN or infinity")
    return arrays


def read_cue_directory(directory: Path, bundle: Bundle) -> CueSet:
    """Read cues that replace the bundle's copy; only names that the bundle has weights for are known."""
    from classifier.cues import read_cues

    return known_cues(read_cues(directory), bundle, directory)


def known_cues(cues: CueSet, bundle: Bundle, directory: Path) -> CueSet:
    """Cues of a directory as they are, when the bundle has weights for all of them."""
    unknown = [cue.name for cue in cues.cues if cue.name not in bundle.manifest.features["cues"]]
    if unknown:
        raise ClarionError(
            f"{directory}: cues unknown to this bundle: {', '.join(unknown)}; train a bundle with them first"
        )
    return cues
