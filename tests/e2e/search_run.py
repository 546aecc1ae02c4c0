"""The last step of a run: no PIN in anything that the programs of all end-to-end tests wrote, and proof that one is found.

    search_run.py begin DIR    an empty place for what will be left, before the tests
    search_run.py end DIR      the search, after them; DIR is kept
"""

import pathlib
import shutil
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.pin_search import search_folder


def begin(place):
    shutil.rmtree(place, ignore_errors=True)
    for name in ("left", "pins"):
        (place / name).mkdir(parents=True)


def end(place):
    files = [path for path in (place / "left").rglob("*") if path.is_file()]
    kinds = {path.name for path in files}
    if not {"madoguchid.log", "cases.db"} <= kinds:
        print(f"the daemon's log or store is missing among {sorted(kinds)}")
        return 1
    met, found = set(), []
    for notes in sorted((place / "pins").iterdir()):
        pins = set(notes.read_text().split())
        found += search_folder(place / "left" / notes.name, pins)
        met |= pins
    for path, pin, form, offset in found:
        print(f"{path}:{offset}: a PIN of {len(pin)} characters ({form})")
    print(f"{len(files)} files searched for {len(met)} PINs: {len(found)} found")
    return 1 if found or not all(found_when_planted(place / "planted", pin) for pin in met) else 0


def found_when_planted(place, pin):
    """Whether a log as it would be if this PIN had gone wrong would have been noticed."""
    place.mkdir(exist_ok=True)
    planted = place / "madoguchid.log"
    planted.write_text(f'info rpc.request params="{{\\"value\\":\\"{pin}\\"}}"\n')
    found = search_folder(place, {pin})
    shutil.rmtree(place)
    if not found:
        print(f"a planted PIN of {len(pin)} characters was not found")
    return bool(found)


if __name__ == "__main__":
    sys.exit({"begin": begin, "end": end}[sys.argv[1]](pathlib.Path(sys.argv[2])))
