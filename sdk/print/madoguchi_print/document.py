"""Reads the document of a sheet, strictly: what a lenient reader would let pass could print one thing and mean another."""

import json
import unicodedata

from .faults import INPUT, Fault

LIMIT = 1 << 20  # as the socket's messages


def escape(part):
    return str(part).replace("~", "~0").replace("/", "~1")


def pointer(parts):
    return "".join("/" + escape(part) for part in parts) or "/"


def strings(value, place=()):
    """Every text in the document with its place; names of members are the schema's business."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from strings(member, (*place, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, (*place, index))


def _members(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Fault(INPUT, ("twice", twice))
    return members


def _no_number(word):
    raise Fault(INPUT, ("not_json", word))


def parse(data):
    if len(data) > LIMIT:
        raise Fault(INPUT, ("too_big", LIMIT))
    try:
        document = json.loads(data.decode("utf-8"), object_pairs_hook=_members, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise Fault(INPUT, ("not_utf8",)) from None
    except json.JSONDecodeError as error:
        # The message names a place and what was expected there, never the text itself.
        raise Fault(INPUT, ("not_json", f"{error.msg}, {error.lineno}:{error.colno}")) from None
    except RecursionError:
        raise Fault(INPUT, ("not_json", "nesting")) from None
    if not isinstance(document, dict):
        raise Fault(INPUT, ("not_object",))
    return document


def refuse_control_characters(document):
    """A line break is a line break on paper; anything else of the kind, half a surrogate pair too, is no text."""
    complaints = [
        ("control", pointer(place))
        for place, text in strings(document)
        if any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in text)
    ]
    if complaints:
        raise Fault(INPUT, *complaints)
