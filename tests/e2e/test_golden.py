"""Requests and replies as front-ends know them: what golden/ has must stay as it is; more may be added to it.

Each method that the daemon serves has a file with one request and its reply; the story below plays them in an order in
which they succeed. What differs from run to run is masked: `<time>`, `<date>`, `<case>`, `<serial>`... Each example of
rpc.discover is sent as it stands, and must be taken for a well-formed request.

MADOGUCHI_GOLDEN=write makes the files anew; look at what has changed before you commit it.
"""

import json
import os
import pathlib
import re
import sys
import unittest
import unittest.mock

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.world import World, madoguchi

GOLDEN = pathlib.Path(__file__).resolve().parent / "golden"
WRITE = os.environ.get("MADOGUCHI_GOLDEN") == "write"
STAFF = "clerk-7"
LICENCE = {"type": "drivers_licence", "of": "holder"}
MASKS = (
    (r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", "<time>"),
    (r"\d{4}-\d\d-\d\d", "<date>"),
    (r"\d{6}-[0-9A-Z]{8}", "<case>"),
    (r"[0-9a-f]{64}", "<sha256>"),
    (r"[0-9a-f]{32}", "<transaction>"),
    (r"[0-9a-f]{16}", "<serial>"),
    (r"\d{15}", "<card>"),
    (r"Madoguchi \d \d\d \d\d", "<reader>"),
    (r"(CN|C)=.*", "<name>"),
    (r"[A-Za-z0-9+/]{86}==", "<signature>"),
    (r"-----BEGIN PUBLIC KEY-----[\s\S]*", "<public key>"),
)
# Members whose value is a matter of the day, the machine, the build, the policy or of style.
VOLATILE = {
    "uptime_seconds": "<number>", "seq": "<number>", "subscription": "<number>", "version": "<version>",
    "findings": "<findings>", "offices": "<offices>", "notices": "<notices>", "plugins": "<plugins>", "crowding": "<crowding>", "ja": "<words>", "en": "<words>",
    "trace": "<trace>", "days_left": "<number>",
}  # fmt: skip
# Methods that answer with much that is described elsewhere: only these members are kept.
KEPT = {"rpc.discover": {"openrpc"}, "audit.verify": {"ok", "first", "flaws", "problems", "checkpoint", "public_key"},
        "privacy.report": {"keep_days", "keep_unfinished_days", "key", "former_keys"}}


def masked(value, key=None):
    if key in VOLATILE and value is not None:
        return VOLATILE[key]
    if isinstance(value, dict):
        return {name: masked(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [masked(each) for each in value]
    if isinstance(value, str):
        for pattern, mask in MASKS:
            if re.fullmatch(pattern, value):
                return mask
    return value


def missing(expected, actual, where=""):
    """What of `expected` is not, or not so, in `actual`; more members of objects and other orders of them are fine."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        lost = []
        for name, value in expected.items():
            place = f"{where}/{name}"
            lost += missing(value, actual[name], place) if name in actual else [f"{place} is gone"]
        return lost
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        return [each for n in range(len(expected)) for each in missing(expected[n], actual[n], f"{where}/{n}")]
    return [] if expected == actual else [f"{where} was {expected!r}, is {actual!r}"]


class Golden(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = World()
        cls.addClassCleanup(cls.world.stop)
        cls.world.start()
        cls.client = cls.world.client()
        cls.methods = {each["name"]: each for each in cls.client.call("rpc.discover")["methods"]}

    def play(self, method, name=None, **params):
        """Calls, and compares request and reply with what is known under the name; the result."""
        self.played.add(method)
        try:
            result = self.client.call(method, **params)
            reply = {"result": result}
        except madoguchi.Error as error:
            result = None
            reply = {"error": {"code": error.code, "reason": error.reason, "details": error.details}}
        if method in KEPT:
            reply["result"] = {key: value for key, value in result.items() if key in KEPT[method]}
        seen = masked({"method": method, "params": params, **reply})
        file = GOLDEN / f"{name or method}.json"
        if WRITE:
            file.write_text(json.dumps(seen, ensure_ascii=False, indent=2) + "\n")
        with self.subTest(method=name or method):
            self.assertTrue(file.exists(), "a method without a golden file: run with MADOGUCHI_GOLDEN=write")
            known = json.loads(file.read_text())
            self.assertEqual(known["params"], seen["params"], "the request is sent as it was known")
            self.assertEqual(missing(known, seen), [])
        return result

    def test_every_method(self):
        self.played = set()
        play = self.play
        play("rpc.discover")
        play("system.info")
        play("system.health")
        play("readers.list")
        play("policy.info")
        play("plugins.list")
        play("plugins.reload")
        play("audit.query", kind="daemon")
        play("audit.verify")
        facts = {
            "office": "citizens-division", "at": "2026-04-01T10:00:00+09:00", "holder": {"birth_date": "1980-04-10"},
            "card": {"expires_on": "2031-04-10"},
            "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}},
        }  # fmt: skip
        play("policy.evaluate", facts=facts)
        play("policy.explain", facts=facts)
        subscription = play("events.subscribe", topics=["readers"])
        play("events.unsubscribe", subscription=subscription["subscription"])
        self.play_a_visit()
        self.play_others()
        self.play_two_visits()
        # The others need no story: their row's example is a request that succeeds.
        for name in sorted(set(self.methods) - self.played):
            play(name, **self.example(name))

    def example(self, name):
        """Parameters as the row's example has them."""
        params = {}
        for each in self.methods[name]["params"]:
            # A secret is not shown, not even an example of one.
            examples = ["0000"] if each["schema"].get("writeOnly") else each["schema"].get("examples", [])
            self.assertTrue(examples or not each.get("required"), f"the row's example has no {each['name']}")
            params |= {each["name"]: example for example in examples}
        return params

    def play_a_visit(self):
        play = self.play
        card = self.world.make_card("expiring-soon")
        reader = self.world.insert(card)
        play("readers.list", "readers.list-with-card")
        play("card.inspect", reader=reader)
        play("card.check_expiry", reader=reader)
        facts = {"office": "citizens-division", "holder": {"birth_date": card.made["birth"]}}
        visit = play("cases.open", facts=facts, reader=reader, staff=STAFF)
        case = visit["id"]
        play("cases.update", case=case, facts={"documents": [LICENCE]}, staff=STAFF)
        wrong = {"case": case, "pin": "authentication", "value": "0000", "entered_by": "holder", "staff": STAFF}
        play("cases.issue", "cases.issue-too-early", case=case, staff=STAFF)
        play("cases.verify_pin", "cases.verify_pin-malformed", **{**wrong, "value": "12"})
        play("cases.verify_pin", "cases.verify_pin-tries-changed", **wrong, expected_tries_left=1)
        play("cases.verify_pin", "cases.verify_pin-wrong", **wrong)
        for pin in visit["decision"]["pins_required"]:
            name = None if pin == "authentication" else f"cases.verify_pin-{pin}"
            value = {"case": case, "pin": pin, "entered_by": "holder", "staff": STAFF}
            with self.secret(card.pins[pin]):
                play("cases.verify_pin", name, **value, value=card.pins[pin])
        play("cases.get", "cases.get-ready", case=case)
        play("cases.issue", case=case, staff=STAFF)
        play("cases.get", case=case)
        play("cases.list", card=card.made["card_number"], limit=5)
        play("cases.timeline", case=case)
        play("cases.receipt", case=case)
        play("cases.cancel", "cases.cancel-too-late", case=case, reason="the holder left", staff=STAFF)
        play("cases.get", "cases.get-unknown", case="261123-7K3F92Q0")
        self.world.take_out(card)

    def secret(self, value):
        """PINs are made by chance; golden files show that one was there."""
        return unittest.mock.patch.dict(globals(), {"MASKS": ((re.escape(value), "<pin>"), *MASKS)})

    def play_others(self):
        play = self.play
        card = self.world.make_card("blocked")
        reader = self.world.insert(card)
        facts = {"office": "citizens-division", "holder": {"birth_date": card.made["birth"]}, "documents": [LICENCE]}
        case = play("cases.open", "cases.open-locked-pins", facts=facts, reader=reader, staff=STAFF)["id"]
        new = {"case": case, "pin": "authentication", "value": "0852", "entered_by": "holder", "staff": STAFF}
        play("cases.reset_pin", **new)
        play("cases.cancel", case=case, reason="the holder left", staff=STAFF)
        self.world.take_out(card)
        play("cases.open", "cases.open-no-card", facts=facts, reader=reader, staff=STAFF)

    def play_two_visits(self):
        """A proxy's, as far as the answer of the holder."""
        play, plugin = self.play, "proxy-two-visit"
        facts = {
            "office": "citizens-division", "at": "2026-04-01T10:00:00+09:00", "holder": {"birth_date": "1980-04-10"},
            "visitor": {"role": "proxy"}, "card": {"expires_on": "2031-04-10"}, "documents": [{"type": "drivers_licence"}],
            "certificates": {"authentication": {"state": "valid", "expires_on": "2026-04-10"}},
        }  # fmt: skip
        case = play("cases.open", "cases.open-two-visits", facts=facts, staff=STAFF)["id"]
        about = {"case": case, "staff": STAFF}
        play(f"{plugin}.to_mail")
        play(f"{plugin}.letter", f"{plugin}.letter-without-a-term", **about)
        play(f"{plugin}.letter", **about, return_by="2099-03-31")
        play(f"{plugin}.mailed", **about)
        play(f"{plugin}.mailed", f"{plugin}.mailed-twice", **about)
        play(f"{plugin}.lapsed", **about)
        play(f"{plugin}.status", case=case)
        play(f"{plugin}.list", phase="mailed")
        play(f"{plugin}.overdue", office="citizens-division")
        play(f"{plugin}.lapsing", within_days=7)
        play(f"{plugin}.returned", **about)

    def test_every_example(self):
        """As it stands in the table: no complaint about its form, and no refusal that is not announced."""
        client = self.world.client()
        for name, method in self.methods.items():
            with self.subTest(method=name):
                announced = {each["reason"] for error in method["errors"] for each in error["data"]["reasons"]}
                try:
                    client.call(name, **self.example(name))
                except madoguchi.Error as error:
                    self.assertNotIn(error.reason, ("invalid_params", "invalid_request", "parse_error"), error.details)
                    self.assertIn(error.reason, announced | {"not_found"})

    def test_that_a_change_is_found(self):
        known = {"a": {"b": [1, {"c": "x"}]}, "d": None}
        self.assertEqual(missing(known, {"d": None, "a": {"b": [1, {"c": "x", "new": 1}], "new": 2}}), [])
        for changed in ({"a": {"b": [1, {"c": "x"}]}}, {"a": {"b": [1, {"c": "y"}]}, "d": None},
                        {"a": {"b": [1]}, "d": None}, {"a": {"b": [1, {"c": "x"}]}, "d": 0}):  # fmt: skip
            self.assertTrue(missing(known, changed), changed)


if __name__ == "__main__":
    unittest.main()
