"""Finds names that a file takes from elsewhere (using a::b;) or shortens (namespace b = a;) and does not use.

A compiler that looks at ten files as one takes the use in one for that in another. Words in comments, in strings and in what is included are none.
"""
import pathlib
import re
import sys

NO_CODE = re.compile(r"//[^\n]*|^[ \t]*#[ \t]*include[^\n]*|\"(?:[^\"\\\n]|\\.)*\"", re.MULTILINE)
TAKEN = re.compile(r"^[ \t]*(?:using[ \t]+(?:::)?(?:\w+::)+(\w+)|namespace[ \t]+(\w+)[ \t]*=[^;]+);", re.MULTILINE)


def unused(text):
    code = NO_CODE.sub('""', text)
    for taken in TAKEN.finditer(code):
        name = taken[1] or taken[2]
        if not re.search(rf"(?<!::)\b{name}\b", code[:taken.start()] + code[taken.end():]):
            yield code.count("\n", 0, taken.start()) + 1, name


found = 0
for path in sys.argv[1:]:
    for line, name in unused(pathlib.Path(path).read_text(encoding="utf-8")):
        found += 1
        print(f"{path}:{line}: error: '{name}' is taken and not used")
sys.exit(1 if found else 0)
