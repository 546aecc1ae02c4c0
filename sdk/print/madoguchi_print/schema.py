"""Does a document have what its sheet needs, and nothing else? Complaints name places, never what stands there."""

import datetime
import json
import re

import jsonschema

from .document import pointer
from .faults import INPUT, TEMPLATE, Fault

FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", ValueError)
def _is_date(value):
    if not isinstance(value, str):
        return True
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII)) and bool(datetime.date.fromisoformat(value))


@FORMATS.checks("date-time", ValueError)
def _is_time(value):
    """As the daemon writes times: to the second or finer, with the difference to UTC."""
    if not isinstance(value, str):
        return True
    form = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)"
    return bool(re.fullmatch(form, value, re.ASCII)) and bool(datetime.datetime.fromisoformat(value))


@FORMATS.checks("date-or-time", ValueError)
def _is_either(value):
    return _is_time(value) if isinstance(value, str) and "T" in value else _is_date(value)


class _Shipped(jsonschema.RefResolver):
    """References lead to other schemas of the template folders only; the library's own would ask the network."""

    def __init__(self, schema, folders):
        super().__init__("", schema)
        self.folders = folders

    def resolve_remote(self, uri):
        return _load(self.folders, uri)


def _load(folders, name):
    try:
        return json.loads(folders.read(name))
    except ValueError as error:
        raise Fault(TEMPLATE, ("bad_schema", name, error)) from None


def _missing(error):
    """`required` says one error for each missing member, but names it only in its message."""
    for name in error.validator_value:
        if name not in error.instance and repr(name) in error.message:
            yield ("missing", pointer([*error.absolute_path, name]))


def _unknown(error):
    known = error.schema.get("properties", {})
    for name in error.instance:
        if name not in known:
            yield ("unknown", pointer([*error.absolute_path, name]))


def _listed(values):
    return ", ".join(str(value) for value in values)


def _about(error):
    """One error of the library as complaints."""
    place, wanted = pointer(error.absolute_path), error.validator_value
    if error.validator == "required":
        return list(_missing(error))
    if error.validator == "additionalProperties":
        return list(_unknown(error))
    if error.validator == "const":
        key = "template_version" if error.absolute_path and error.absolute_path[-1] == "template_version" else "one_of"
        return [(key, place, wanted)]
    if error.validator in ("minLength", "minItems"):
        return [("empty", place)]
    keys = {"enum": "one_of", "type": "type", "pattern": "pattern", "maxLength": "too_long", "maxItems": "too_long",
            "minimum": "number", "uniqueItems": "repeated"}
    if error.validator == "format":
        return [({"date": "date", "date-or-time": "date", "date-time": "time"}.get(wanted, "rule"), place, wanted)]
    if error.validator in keys:
        return [(keys[error.validator], place, _listed(wanted) if isinstance(wanted, list) else wanted)]
    return [("rule", place, error.validator)]


def _order(error):
    return [str(part) for part in error.absolute_path], error.validator


def check(document, sheet, folders):
    name = sheet + ".schema.json"
    schema = _load(folders, name)
    validator_of = jsonschema.Draft202012Validator
    try:
        validator_of.check_schema(schema)
        validator = validator_of(schema, resolver=_Shipped(schema, folders), format_checker=FORMATS)
        errors = sorted(validator.iter_errors(document), key=_order)
    except (jsonschema.SchemaError, jsonschema.RefResolutionError) as error:
        if isinstance(error.__context__, Fault):
            raise error.__context__ from None
        raise Fault(TEMPLATE, ("bad_schema", name, str(error).splitlines()[0])) from None
    complaints = [complaint for error in errors for complaint in _about(error)]
    if not complaints and document.get("return_by", "9") < document.get("issued_on", ""):
        complaints = [("before_issue", "/return_by")]
    if complaints:
        raise Fault(INPUT, *dict.fromkeys(complaints))
