"""Runs clang-tidy over the files named on stdin, as many at once as there are processors, and remembers the clean ones.

Most of what it does over one file it does over the headers of libraries. So it looks at the batches of a unity build, ten files
in hardly more time than one, each written out as one file: the analyser does not look into what is included.

What is remembered is a digest of all that could change the outcome: the checks, the tool, the compile command, the batch and
the project's own headers that its files include, transitively, as the quoted includes say.

tidy.py DATABASE...   compile commands; what one has, the next ones are not asked for
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# What vendors begin with: a test builds it.
ELSEWHERE = {"sdk/template/my_rules.cpp"}
KNOWN = ROOT / "build/lint/tidy"
WRITTEN_OUT = ROOT / "build/lint/batches"
# A name that one file of a batch has for nothing may be used by the next (unused_names.py looks at each by itself); names
# of one file are in the way of another's.
OPTIONS = ["--quiet", "--checks=-misc-unused-alias-decls,-misc-unused-using-decls", "--extra-arg=-Wno-unknown-warning-option",
           "--extra-arg=-Wno-shadow"]
GCC_ALONE = " -fno-gnu-unique"
INCLUDE = re.compile(r'^[ \t]*#\s*include\s+"([^"]+)"', re.MULTILINE)


class Tree:
    """Which own headers a file includes, and what all of them say."""

    def __init__(self):
        named = subprocess.run(["git", "ls-files", "*.h", "*.hpp"], cwd=ROOT, capture_output=True, text=True, check=True)
        self.headers = {}  # by last name: an include says a path below some include folder
        for path in named.stdout.split():
            self.headers.setdefault(path.rsplit("/", 1)[-1], []).append(ROOT / path)
        self.texts = {}

    def text(self, path):
        if path not in self.texts:
            self.texts[path] = path.read_text(encoding="utf-8")
        return self.texts[path]

    def included(self, path):
        for said in INCLUDE.findall(self.text(path)):
            for header in self.headers.get(said.rsplit("/", 1)[-1], []):
                if header.as_posix().endswith("/" + said.removeprefix("../")):
                    yield header

    def digest(self, sources, more):
        seen, todo = set(), list(sources)
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo.extend(self.included(one))
        whole = hashlib.sha256("\0".join(more).encode())
        for one in sorted(seen):
            whole.update(one.relative_to(ROOT).as_posix().encode() + b"\0" + self.text(one).encode() + b"\0")
        return whole.hexdigest()


class Batch:
    """Sources that are compiled together, and how: as the build does it."""

    def __init__(self, unit, command):
        self.unit, self.command = unit, command.replace(GCC_ALONE, "")
        text = unit.read_text(encoding="utf-8")
        self.sources = [pathlib.Path(one) for one in INCLUDE.findall(text)] if unit.parent.name == "Unity" else [unit]
        self.path = WRITTEN_OUT / (unit.relative_to(ROOT).as_posix().replace("/", "-") + ".cpp")

    def write_out(self):
        """What each source includes from beside itself is named in full."""
        self.begins = []
        lines = []
        for source in self.sources:
            def in_full(include, folder=source.parent):
                there = folder / include[1]
                return f'#include "{there}"' if there.exists() else include[0]

            self.begins.append((len(lines), source))
            lines += INCLUDE.sub(in_full, source.read_text(encoding="utf-8")).split("\n")
        self.path.write_text("\n".join(lines), encoding="utf-8")

    def how(self):
        return {"directory": str(self.unit.parent), "file": str(self.path),
                "command": self.command.replace(str(self.unit), str(self.path))}

    def in_its_places(self, said):
        def place(found):
            begin, source = max(one for one in self.begins if one[0] < int(found[1]))
            return f"{source.relative_to(ROOT)}:{int(found[1]) - begin}:"

        return re.sub(re.escape(str(self.path)) + r":(\d+):", place, said)


def main():
    databases = [json.loads((ROOT / name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True, check=True).stdout
    checks = (ROOT / ".clang-tidy").read_text(encoding="utf-8")
    tree = Tree()
    for folder in KNOWN, WRITTEN_OUT:
        folder.mkdir(parents=True, exist_ok=True)
    own = pathlib.Path(__file__).read_text(encoding="utf-8")
    batches_of = {}  # one file may be built in several ways
    for database in databases:
        known = set(batches_of)
        for one in database:
            batch = Batch(pathlib.Path(one["file"]), one["command"])
            for source in set(batch.sources) - known:
                batches_of.setdefault(source, []).append(batch)

    def look(batch):
        order = [source.name for source in batch.sources]
        digest = tree.digest(batch.sources, [version, checks, own, *order, batch.command.replace(str(ROOT), "")])
        mark = KNOWN / digest
        if mark.exists():
            return True, ""
        batch.write_out()
        done = subprocess.run(["clang-tidy", "-p", str(WRITTEN_OUT), *OPTIONS, str(batch.path)],
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            mark.touch()
        return done.returncode == 0, batch.in_its_places(done.stdout or done.stderr)

    names = [line.strip() for line in sys.stdin if line.strip()]
    outside = [name for name in names if ROOT / name not in batches_of and name not in ELSEWHERE]
    chosen = {batch.path: batch for name in names for batch in batches_of.get(ROOT / name, [])}
    (WRITTEN_OUT / "compile_commands.json").write_text(json.dumps([batch.how() for batch in chosen.values()]))
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for clean, said in pool.map(look, chosen.values()):
            if not clean:
                bad += 1
                print(said, flush=True)
    print(f"clang-tidy: {len(names) - len(outside)} files in {len(chosen)} batches, {bad} with findings")
    if outside:
        print("not part of any build: " + " ".join(outside))
    return 1 if bad or outside else 0


sys.exit(main())
