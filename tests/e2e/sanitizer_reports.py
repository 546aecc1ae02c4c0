"""The last step of a run under sanitizers: no program that the end-to-end tests started has reported anything, whoever had
its standard error; and proof that a report is found.

    sanitizer_reports.py begin DIR           an empty place for reports, before the tests
    sanitizer_reports.py end DIR PROGRAM     the search, after them; PROGRAM does what has to be reported
"""

import pathlib
import shutil
import subprocess
import sys


def begin(place):
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)


def end(place, faulty):
    reports = sorted(place.iterdir())
    for report in reports:
        print(f"== {report.name}\n{report.read_text(errors='replace')}")
    planted = subprocess.run([faulty], capture_output=True, check=False)
    if planted.returncode == 0 or len(list(place.iterdir())) == len(reports):
        print(f"{faulty} ended with {planted.returncode} and its report is not in {place}")
        return 1
    print(f"{len(reports)} reports")
    return 1 if reports else 0


if __name__ == "__main__":
    directory = pathlib.Path(sys.argv[2])
    sys.exit(begin(directory) if sys.argv[1] == "begin" else end(directory, sys.argv[3]))
