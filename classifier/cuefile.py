"""YAML with the line of every value, so that a fault in a cue file can be named by its place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from classifier.errors import CueError

DEEPEST: Final = 20  # lists and mappings within each other
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Located:
    """A YAML node and the file it stands in."""

    node: Any
    file: str

    def error(self, message: str) -> CueError:
        """The error to raise for a fault in this place."""
        return CueError(f"{self.file}, line {self.node.start_mark.line + 1}: {message}")

    @property
    def value(self) -> object:
        """What is written in a scalar."""
        return self.node.value

    def text(self) -> str:
        """A single piece of text."""
        if not isinstance(self.node, yaml.ScalarNode) or not self.node.value.strip():
            raise self.error("a piece of text is expected here")
        return str(self.node.value)

    def items(self) -> list[Located]:
        """The items of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            raise self.error("a list is expected here")
        return [Located(item, self.file) for item in self.node.value]

    def entries(self) -> Iterator[tuple[Located, Located]]:
        """Keys and values of a mapping; a key may stand once."""
        if not isinstance(self.node, yaml.MappingNode):
            raise self.error("a mapping (`name: ...`) is expected here")
        seen: set[str] = set()
        for key, value in self.node.value:
            located = Located(key, self.file)
            if located.text() in seen:
                raise located.error(f"{located.text()!r} stands here twice")
            seen.add(located.text())
            yield located, Located(value, self.file)

    def fields(self, names: set[str]) -> Iterator[tuple[str, Located]]:
        """The entries of a mapping that must have exactly these names."""
        found = {key.text(): (key, value) for key, value in self.entries()}
        for name, (key, value) in found.items():
            if name not in names:
                raise key.error(f"unknown field {name!r}; known: {', '.join(sorted(names))}")
            yield name, value
        if names - set(found):
            raise self.error(f"missing: {', '.join(sorted(names - set(found)))}")


def read_yaml(content: bytes, file: str) -> Located:
    """Parse one file.

    Parameters
    ----------
    content : bytes
        What the file holds.
    file : str
        Its name, for messages.

    Returns
    -------
    Located
        The root node.

    Raises
    ------
    CueError
        When it is not UTF-8 or not YAML; the message names file and line.
    """
    try:
        text = content.decode("utf-8")
        refuse_depth(text, file)
        root = yaml.compose(text, Loader=LOADER)
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        raise CueError(f"{file}, line {line}: not UTF-8; save the file as UTF-8") from fault
    except yaml.reader.ReaderError as fault:
        line = content[: fault.position].count(b"\n") + 1
        raise CueError(f"{file}, line {line}: not YAML: holds a control character") from fault
    except yaml.YAMLError as fault:
        mark = getattr(fault, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise CueError(f"{file}, line {line}: not YAML: {getattr(fault, 'problem', fault)}") from fault
    if root is None:
        raise CueError(f"{file}, line 1: the file is empty")
    return Located(root, file)


def refuse_depth(text: str, file: str) -> None:
    """Raise CueError for what is nested so deep that building it would end the process, or nearly."""
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Located(event, file).error(f"nested more than {DEEPEST} deep")
