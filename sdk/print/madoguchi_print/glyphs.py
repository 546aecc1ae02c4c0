"""Can every character be printed? A name with an empty box in it must not leave the office."""

import subprocess

from .document import pointer, strings
from .faults import INPUT, RENDERING, Fault

# What fonts draw nothing for: spaces, joiners, and selectors of a variant of the character before.
UNSEEN = {"\n", " ", "\u00a0", "\u200b", "\u200c", "\u200d"}
SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


def _some_font_has(characters):
    codes = " ".join(f"{ord(character):x}" for character in characters)
    try:
        found = subprocess.run(["/usr/bin/fc-list", f":charset={codes}", "family"], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Fault(RENDERING, ("no_font_list", error)) from None
    return bool(found.stdout.strip())


def check(document):
    texts = list(strings(document))
    used = {character for _, text in texts for character in text} - UNSEEN
    used = sorted(c for c in used if not any(ord(c) in selectors for selectors in SELECTORS))
    if not used or _some_font_has(used):
        return
    without = [character for character in used if not _some_font_has([character])]
    complaints = [
        ("no_glyph", pointer(place), character, f"{ord(character):04X}")
        for place, text in texts
        for character in without
        if character in text
    ]
    if complaints:
        raise Fault(INPUT, *complaints)
