"""As much of JSON Schema as rpc.discover uses. A keyword that is not known here is an error, so that none is passed over."""

import datetime
import json
import re

ANNOTATIONS = {"title", "description", "examples", "default", "writeOnly", "readOnly", "deprecated", "$schema", "definitions"}
BELOW_IF = {"then", "else"}
TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "null": lambda value: value is None,
}
RFC_3339 = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})")


def _is_date(text):
    return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and _parses(datetime.date.fromisoformat, text)


def _is_time(text):
    return bool(RFC_3339.fullmatch(text)) and _parses(datetime.datetime.fromisoformat, text)


def _parses(parse, text):
    try:
        parse(text)
    except ValueError:
        return False
    return True


# `password` only says how a field is to be shown.
FORMATS = {"date": _is_date, "date-time": _is_time, "password": lambda text: True}


class Checker:
    """Checks values; `document` is what `$ref` points into."""

    def __init__(self, document):
        self._document = document

    def faults(self, schema, value, at=""):
        """What is wrong with the value: texts that begin with its JSON pointer."""
        found, schema = [], self.resolved(schema)
        for keyword, operand in schema.items():
            if keyword not in ANNOTATIONS | BELOW_IF:
                check = getattr(self, "_" + keyword.lower().lstrip("$"), None)
                if check is None:
                    raise NotImplementedError(f"keyword {keyword} of {schema}")
                found += check(operand, value, at, schema)
        return found

    def undescribed(self, schema, value, at=""):
        """Pointers to what the schema says nothing about, list positions left out: members without a description of their
        own, values without a type."""
        shapes = [shape for shape in self._shapes(schema) if not self.faults(shape, value)]
        if not any(shape.keys() - ANNOTATIONS for shape in shapes):
            return {at or "/"}
        if any(shape.get("additionalProperties") is True for shape in shapes):
            return set()  # what may be in it is left open on purpose
        found = set()
        if isinstance(value, dict):
            for key, each in value.items():
                described = [shape["properties"][key] for shape in shapes if key in shape.get("properties", {})]
                others = [shape.get("additionalProperties") for shape in shapes]
                described = described or [other for other in others if isinstance(other, dict)]
                found |= self._least(described, each, f"{at}/{key}")
        elif isinstance(value, list):
            for each in value:
                items = [shape["items"] for shape in shapes if "items" in shape]
                found |= self._least(items, each, at + "/-")
        return found

    def _least(self, schemas, value, at):
        return min((self.undescribed(each, value, at) for each in schemas), key=len, default={at})

    def _shapes(self, schema):
        """The schema and those that it is made of."""
        schema = self.resolved(schema)
        parts = [part for keyword in ("allOf", "anyOf", "oneOf") for part in schema.get(keyword, [])]
        own = {key: value for key, value in schema.items() if key not in ("allOf", "anyOf", "oneOf")}
        return [own, *(shape for part in parts for shape in self._shapes(part))]

    def resolved(self, schema):
        seen = set()
        while "$ref" in schema:
            reference = schema["$ref"]
            if reference in seen or not reference.startswith("#/"):
                raise NotImplementedError(f"reference {reference}")
            seen.add(reference)
            schema = self._document
            for step in reference[2:].split("/"):
                schema = schema[step.replace("~1", "/").replace("~0", "~")]
        return schema

    def _type(self, operand, value, at, _):
        names = operand if isinstance(operand, list) else [operand]
        if any(TYPES[name](value) for name in names):
            return []
        return [f"{at or '/'}: {json.dumps(value, ensure_ascii=False)[:200]} is not of type {' or '.join(names)}"]

    def _enum(self, operand, value, at, _):
        return [] if value in operand else [f"{at or '/'}: {value!r} is none of {operand}"]

    def _const(self, operand, value, at, _):
        return [] if value == operand else [f"{at or '/'}: {value!r} is not {operand!r}"]

    def _required(self, operand, value, at, _):
        if not isinstance(value, dict):
            return []
        return [f"{at or '/'}: without {name}" for name in operand if name not in value]

    def _properties(self, operand, value, at, _):
        if not isinstance(value, dict):
            return []
        return [
            fault
            for name, each in operand.items()
            if name in value
            for fault in self.faults(each, value[name], f"{at}/{name}")
        ]

    def _additionalproperties(self, operand, value, at, schema):
        if not isinstance(value, dict) or operand is True:
            return []
        others = [name for name in value if name not in schema.get("properties", {})]
        if operand is False:
            return [f"{at}/{name}: no such member" for name in others]
        return [fault for name in others for fault in self.faults(operand, value[name], f"{at}/{name}")]

    def _items(self, operand, value, at, _):
        if not isinstance(value, list):
            return []
        return [fault for index, each in enumerate(value) for fault in self.faults(operand, each, f"{at}/{index}")]

    def _minitems(self, operand, value, at, _):
        return [f"{at}: fewer than {operand}"] if isinstance(value, list) and len(value) < operand else []

    def _maxitems(self, operand, value, at, _):
        return [f"{at}: more than {operand}"] if isinstance(value, list) and len(value) > operand else []

    def _uniqueitems(self, operand, value, at, _):
        if not operand or not isinstance(value, list):
            return []
        return [f"{at}: twice the same"] if len({json.dumps(each, sort_keys=True) for each in value}) < len(value) else []

    def _minlength(self, operand, value, at, _):
        return [f"{at}: shorter than {operand}"] if isinstance(value, str) and len(value) < operand else []

    def _maxlength(self, operand, value, at, _):
        return [f"{at}: longer than {operand}"] if isinstance(value, str) and len(value) > operand else []

    def _minimum(self, operand, value, at, _):
        return [f"{at}: {value} is below {operand}"] if TYPES["number"](value) and value < operand else []

    def _maximum(self, operand, value, at, _):
        return [f"{at}: {value} is above {operand}"] if TYPES["number"](value) and value > operand else []

    def _pattern(self, operand, value, at, _):
        if not isinstance(value, str) or re.search(operand, value):
            return []
        return [f"{at}: {value!r} is not like {operand}"]

    def _format(self, operand, value, at, _):
        if not isinstance(value, str) or FORMATS[operand](value):
            return []
        return [f"{at}: {value!r} is no {operand}"]

    def _allof(self, operand, value, at, _):
        return [fault for each in operand for fault in self.faults(each, value, at)]

    def _anyof(self, operand, value, at, _):
        tried = [self.faults(each, value, at) for each in operand]
        return [] if any(not faults for faults in tried) else min(tried, key=len)

    def _if(self, operand, value, at, schema):
        return self.faults(schema.get("else" if self.faults(operand, value, at) else "then", {}), value, at)

    def _oneof(self, operand, value, at, _):
        tried = [self.faults(each, value, at) for each in operand]
        fit = sum(not faults for faults in tried)
        if fit == 1:
            return []
        return [f"{at or '/'}: fits {fit} of the alternatives", *(min(tried, key=len) if not fit else [])]
