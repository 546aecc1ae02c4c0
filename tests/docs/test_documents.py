"""What the Markdown says is so: blocks are of a known language and parse, links lead somewhere, named files exist."""

import ast
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from documents import CODE, LANGUAGES, ROOT, all_blocks, blocks, broken_links, documents, prose

TOP = {path.name for path in ROOT.iterdir() if path.name not in ("build", ".git")}
# Only where a README says so of itself.
HEADERLESS = "no header of its own"


def rooms():
    """Folders with a room or a library of their own, by what CMake makes of them."""
    for path in sorted(ROOT.glob("*/**/CMakeLists.txt")):
        inside = path.relative_to(ROOT)
        if inside.parts[0] in ("build", "tests"):
            continue
        if "madoguchi_room(" in path.read_text() or inside.parts[0] == "daemon" and len(inside.parts) == 3:
            yield path.parent


def documented(room):
    """The folder's README, or that of the room that it is a part of, e.g. of daemon/smartcard for its pcsc."""
    while room != ROOT:
        if (room / "README.md").exists():
            return room / "README.md"
        room = room.parent
    return None


class Blocks(unittest.TestCase):
    def test_languages(self):
        found = all_blocks()
        self.assertGreater(len(found), 4)
        for block in found:
            with self.subTest(block=block.where):
                self.assertIn(block.language, LANGUAGES, "name the block's language")

    def test_json(self):
        for block in all_blocks("json"):
            with self.subTest(block=block.where):
                json.loads(block.text)

    def test_python(self):
        for block in all_blocks("python"):
            with self.subTest(block=block.where):
                ast.parse(block.text)

    def test_shell(self):
        for block in all_blocks("sh"):
            with self.subTest(block=block.where):
                subprocess.run(["sh", "-n"], input=block.text, text=True, check=True, capture_output=True)
                for script in re.findall(r"(?<![\w/])scripts/[\w.-]+", block.text):
                    self.assertTrue((ROOT / script).exists(), script)

    def test_cmake(self):
        for block in all_blocks("cmake"):
            # Read as a whole, run not at all: it is a part of somebody's project.
            with self.subTest(block=block.where), tempfile.NamedTemporaryFile("w", suffix=".cmake") as script:
                script.write(f"if(FALSE)\n{block.text}\nendif()\n")
                script.flush()
                subprocess.run(["cmake", "-P", script.name], check=True, capture_output=True)

    def test_what_is_wrong_is_found(self):
        (block,) = blocks("text\n\n```fortran\nEND\n```\n")
        self.assertNotIn(block.language, LANGUAGES)
        (block,) = blocks("````text\n```\n````\n")
        self.assertEqual(block.text, "```\n")
        with self.assertRaises(ValueError):
            blocks("```sh\nls\n")


class Names(unittest.TestCase):
    def test_links(self):
        for path in documents():
            with self.subTest(document=str(path.relative_to(ROOT))):
                self.assertEqual(broken_links(path.read_text(), path), [])

    def test_a_broken_link_is_found(self):
        here = ROOT / "README.md"
        text = "[a](nowhere.md) [b](README.md#nowhere) [c](daemon/README.md) [d](https://example.org/x) [e](#try-it)"
        self.assertEqual(broken_links(text + "\n# Try it\n", here), ["nowhere.md", "README.md#nowhere"])

    def test_files_in_backticks(self):
        """`daemon/base/code_book.cpp` and the like, from the top or from the document's own folder; <placeholders> and
        globs are left alone."""
        for path in documents():
            if path.name == "CHANGELOG.md":
                continue  # history
            for name in CODE.findall(prose(path.read_text())):
                if "/" not in name or name.split("/")[0] not in TOP or re.search(r"[<>* ]", name):
                    continue
                if name.startswith("build/") or "::" in name:  # a test's name, which test_threats looks for
                    continue
                with self.subTest(document=str(path.relative_to(ROOT)), file=name):
                    self.assertTrue((ROOT / name).exists() or (path.parent / name).exists())


class Rooms(unittest.TestCase):
    def test_every_room_introduces_itself(self):
        found = list(rooms())
        self.assertGreater(len(found), 12)
        for room in found:
            with self.subTest(room=str(room.relative_to(ROOT))):
                readme = documented(room)
                self.assertIsNotNone(readme)
                self.assertNotEqual(readme.parent, ROOT, "a README.md of its own or of the room around it")
                text = readme.read_text()
                self.assertRegex(text, r"\A# \S")
                if HEADERLESS not in " ".join(text.split()):
                    self.check_headers(room, readme.parent, text)

    def check_headers(self, room, top, text):
        """A header that a README tells to enter by exists there, and at least one is told."""
        named = re.findall(r"`([\w/]+\.(?:hpp|h|py))`", text)
        existing = [name for name in named if any(top.rglob(name)) or any((ROOT / "sdk").rglob(name))]
        self.assertTrue(existing or (top / "main.cpp").exists() or "Enter by" in text, f"{room}: names no entry header")
        foreign = [name for name in named if name not in existing and not any(ROOT.glob(f"daemon/**/{name}"))]
        self.assertEqual([name for name in foreign if "/" in name], [], "these do not exist")


if __name__ == "__main__":
    unittest.main()
