"""Runs clang-tidy over the files named on stdin, as many at once as there are processors, and remembers the clean ones.

What is remembered is a digest of all that could change the outcome: the checks, the tool, the compile command, the file and
the project's own headers that it includes, transitively, as the quoted includes say.
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
KNOWN = ROOT / "build/lint/tidy"
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


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

    def digest(self, path, more):
        seen, todo = set(), [path]
        while todo:
            one = todo.pop()
            if one not in seen:
                seen.add(one)
                todo.extend(self.included(one))
        whole = hashlib.sha256("\0".join(more).encode())
        for one in sorted(seen):
            whole.update(one.relative_to(ROOT).as_posix().encode() + b"\0" + self.text(one).encode() + b"\0")
        return whole.hexdigest()


def main():
    commands = {one["file"]: one["command"] for one in json.loads((ROOT / sys.argv[1]).read_text(encoding="utf-8"))}
    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, text=True, check=True).stdout
    checks = (ROOT / ".clang-tidy").read_text(encoding="utf-8")
    tree = Tree()
    KNOWN.mkdir(parents=True, exist_ok=True)

    def look(name):
        path = ROOT / name
        command = commands.get(str(path))
        if command is None:
            return name, True, "not part of the build"
        mark = KNOWN / tree.digest(path, [version, checks, command.replace(str(ROOT), "")])
        if mark.exists():
            return name, True, ""
        done = subprocess.run(["clang-tidy", "-p", str((ROOT / sys.argv[1]).parent), "--quiet", str(path)],
                              capture_output=True, text=True, check=False)
        if done.returncode == 0:
            mark.touch()
        return name, done.returncode == 0, done.stdout or done.stderr

    names = sorted(line.strip() for line in sys.stdin if line.strip())
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, clean, said in pool.map(look, names):
            if not clean:
                bad += 1
                print(f"-- {name}\n{said}", flush=True)
    print(f"clang-tidy: {len(names)} files, {bad} with findings")
    return 1 if bad else 0


sys.exit(main())
