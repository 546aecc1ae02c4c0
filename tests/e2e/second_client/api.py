"""Methods made from what rpc.discover tells. Requests are checked before they are sent, answers and refusals when they
come; the daemon breaks its promise where one is not as its own document says."""

import re

from second_client.line import Line
from second_client.schema import Checker

JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


class NotSent(Exception):
    """The caller's mistake: the document says that the daemon would refuse it."""


class BrokenPromise(AssertionError):
    """The daemon's answer is not as its document or the contract says."""


class Refused(Exception):
    """An error of the daemon's, complete."""

    def __init__(self, method, error):
        data = error["data"]
        super().__init__(f"{method}: {error['code']} {data['reason']}: {error['message']} {data.get('details', '')}")
        self.method, self.code, self.message = method, error["code"], error["message"]
        self.reason, self.ja, self.en, self.retryable = data["reason"], data["ja"], data["en"], data["retryable"]
        self.case, self.details = data.get("case"), data.get("details", {})


class Method:
    def __init__(self, api, described):
        self._api, self.name, self.described = api, described["name"], described
        self._params = {param["name"]: param for param in described["params"]}

    def __call__(self, **params):
        return self.answer(self.begin(**params))

    def begin(self, **params):
        """Sends the request and does not wait for its answer."""
        if faults := self.faults(params):
            raise NotSent(f"{self.name}: {'; '.join(faults)}")
        return self.begin_unchecked(params)

    def begin_unchecked(self, params):
        return self._api.line.send(self.name, params)

    def answer(self, identifier):
        """The answer to `begin`."""
        reply = self._api.line.reply(identifier)
        if "error" in reply:
            raise self._api.refusal(reply["error"], self)
        self._check_result(reply["result"])
        self._api.record.answered.add(self.name)
        return reply["result"]

    def unchecked(self, **params):
        """Without looking at the parameters, to see what the daemon says of them."""
        return self.answer(self.begin_unchecked(params))

    def faults(self, params):
        """What is wrong with the parameters by the document."""
        found = [f"/{name}: no such parameter" for name in params if name not in self._params]
        found += [f"/{name}: missing" for name, param in self._params.items() if param["required"] and name not in params]
        for name in params.keys() & self._params.keys():
            found += self._api.checker.faults(self._params[name]["schema"], params[name], f"/{name}")
        return found

    def examples(self):
        """The document's own example of each parameter that has to be there."""
        return {name: each["schema"].get("examples", [""])[0] for name, each in self._params.items() if each["required"]}

    def _check_result(self, result):
        schema = self.described["result"]["schema"]
        if faults := self._api.checker.faults(schema, result):
            raise BrokenPromise(f"{self.name} answers otherwise than it says: {'; '.join(faults)}")
        for pointer in self._api.checker.undescribed(schema, result):
            self._api.record.undescribed.add((self.name, pointer))

    def declares(self, code, reason):
        """What the document says of that error of this method, or nothing."""
        for error in [*self.described["errors"], *self._api.document["x-errors"]]:
            for each in error["data"]["reasons"]:
                if (error["code"], each["reason"]) == (code, reason):
                    return each
        return None


class Group:
    """The methods whose names begin alike."""


class Record:
    """What came over one or more connections.

    answered      names of the methods that have answered with a result
    refused       (method, reason) of every refusal
    undescribed   (method, pointer) of what came in results without the document saying what it is
    """

    def __init__(self):
        self.answered, self.refused, self.undescribed = set(), set(), set()


class Api:
    """`api.cases.open(...)` and so on: whatever the daemon has at this moment, `-` written as `_`."""

    def __init__(self, path, timeout=60, record=None):
        self.record = record or Record()
        self.line = Line(str(path), timeout)
        self.document = self.line.reply(self.line.send("rpc.discover", {}))["result"]
        self.checker = Checker(self.document)
        self.methods = {each["name"]: Method(self, each) for each in self.document["methods"]}
        for name, method in self.methods.items():
            group, verb = (part.replace("-", "_") for part in name.split("."))
            if not hasattr(self, group):
                setattr(self, group, Group())
            setattr(getattr(self, group), verb, method)

    def close(self):
        self.line.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def event(self, patience=60):
        """The next event's members, or None."""
        notification = self.line.notification(patience)
        if notification is None:
            return None
        if notification["method"] != "events.notify":
            raise BrokenPromise(f"a notification that the contract does not know: {notification['method']}")
        event = notification["params"]
        for member, kind in (("topic", str), ("seq", int), ("at", str), ("type", str), ("data", dict)):
            if not isinstance(event.get(member), kind):
                raise BrokenPromise(f"an event without {member}: {event}")
        return event

    def _check_details(self, name, declared, data):
        details = data.get("details", {})
        schema = declared.get("details", {"type": "object"})
        if faults := self.checker.faults(schema, details):
            raise BrokenPromise(f"{name}: the details of {data['reason']} are otherwise than described: {'; '.join(faults)}")
        for pointer in self.checker.undescribed(schema, details):
            self.record.undescribed.add((f"{name}: {data['reason']}", pointer))
        for language in ("ja", "en"):
            if data[language] != details.get(language, data[language]):
                raise BrokenPromise(f"{name}: an error that says one thing in its details and another to people: {data}")

    def refusal(self, error, method=None):
        """The error as an exception, once it is found to be complete and one that the method declares."""
        name = method.name if method else "connection"
        data = error.get("data", {})
        for member, kind in (("reason", str), ("ja", str), ("en", str), ("retryable", bool)):
            if not isinstance(data.get(member), kind) or data[member] == "":
                raise BrokenPromise(f"{name}: an error without {member}: {error}")
        if not isinstance(error.get("message"), str) or "\n" in error["message"] or not error["message"]:
            raise BrokenPromise(f"{name}: an error without a message of one line: {error}")
        if not JAPANESE.search(data["ja"]) or JAPANESE.search(data["en"]):
            raise BrokenPromise(f"{name}: an error whose ja or en is in another language: {error}")
        if unknown := data.keys() - {"reason", "ja", "en", "retryable", "case", "details"}:
            raise BrokenPromise(f"{name}: an error with more than the contract knows: {unknown}")
        if method:
            declared = method.declares(error["code"], data["reason"])
            if declared is None:
                raise BrokenPromise(f"{name} does not say that it may answer {error['code']} {data['reason']}: {error}")
            if declared["retryable"] != data["retryable"]:
                raise BrokenPromise(f"{name}: {data['reason']} is retryable or not, the document says otherwise: {error}")
            self._check_details(name, declared, data)
        self.record.refused.add((name, data["reason"]))
        return Refused(name, error)
