"""The repository's Markdown, as far as tests need it: fenced blocks, links, names of files."""

import dataclasses
import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
LANGUAGES = {"sh", "console", "json", "yaml", "python", "cpp", "c", "cmake", "text"}
FENCE = re.compile(r"^(\s*)(```+|~~~+)\s*(.*?)\s*$")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")


@dataclasses.dataclass
class Block:
    path: pathlib.Path
    line: int
    language: str
    text: str

    @property
    def where(self):
        return f"{self.path}:{self.line}"


def documents():
    """Every Markdown file that is not built."""
    for folder, inside, names in os.walk(ROOT):
        inside[:] = sorted(each for each in inside if each != "build" and not each.startswith("."))
        yield from (pathlib.Path(folder) / name for name in sorted(names) if name.endswith(".md"))


def blocks(text, path=pathlib.Path("-")):
    """Its fenced blocks; ValueError for one that is not closed."""
    found, opened = [], None
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened = (number, fence[2], fence[3], [])
        elif opened is not None and fence and fence[2].startswith(opened[1]) and not fence[3]:
            found.append(Block(path, opened[0], opened[2], "\n".join(opened[3]) + "\n"))
            opened = None
        elif opened is not None:
            opened[3].append(line)
    if opened is not None:
        raise ValueError(f"{path}:{opened[0]}: the block is not closed")
    return found


def prose(text):
    """Without its fenced blocks."""
    kept, inside = [], False
    for line in text.splitlines():
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            kept.append(line)
    return "\n".join(kept)


def all_blocks(language=None):
    found = [block for path in documents() for block in blocks(path.read_text(), path.relative_to(ROOT))]
    return [block for block in found if language in (None, block.language)]


def anchors(text):
    """What headings can be linked to by, as GitHub names them."""
    headings = re.findall(r"^#+\s+(.*)$", prose(text), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(text, path):
    """Relative links that lead nowhere."""
    broken = []
    for target in LINK.findall(prose(text)):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name) if name else path
        if not file.exists() or (anchor and anchor not in anchors(file.read_text())):
            broken.append(target)
    return broken
