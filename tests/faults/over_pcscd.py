"""Random citizens at a real counter where things go wrong: the daemon, a real pcscd, virtual cards and the development CA.

    over_pcscd.py [--from N] [--episodes N] [--rounds]

Each episode is drawn from its number; what happens is drawn from that, and when it happens also depends on how fast the
machine is. Standard library only. Ends with 1 when something happened that must not.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import signal
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))

from fixture.counter import STAFF, enter_pin  # noqa: E402
from fixture.opensc import same_serial  # noqa: E402
from fixture.struck import FullDiskWorld  # noqa: E402
from fixture.world import madoguchi  # noqa: E402

ROUNDS_WITH_MISHAPS = 6
ROUNDS = 14
# Nobody at the counter waits longer for the daemon to be there again.
SERVED_WITHIN = 10.0
IDLE_CONNECTIONS = 40

# The certificates, PINs and kinds of citizen; a card for the face has no PIN and one certificate.
KINDS = {
    "expiring-soon": ("authentication", "signature"),
    "leap-day": ("authentication", "signature"),
    "face-authentication": ("authentication",),
}
FULL = {"authentication": 3, "signature": 5, "resident_register": 3}

LIES = (
    {"fault": "lose_reply"},
    {"fault": "http_500", "count": 2},
    {"fault": "delay", "ms": 700},
    {"fault": "hang"},
    {"fault": "garbage", "mode": "random"},
    {"fault": "garbage", "mode": "nonce"},
    {"fault": "garbage", "mode": "protection"},
    {"fault": "reject", "body": "cr", "failure": "systemFailure"},
    {"fault": "waiting", "body": "cr", "polls": 2, "check_after": 1},
    {"fault": "wrong_key", "body": "cr"},
    {"fault": "wrong_dates", "body": "cr", "days": -2},
)


class Counter(FullDiskWorld):
    """Whose daemon has a plugin in a process of its own."""

    def __init__(self):
        # Its answers come in time or not at all: some of the mishaps make it never answer.
        super().__init__("enospc", readers=2, timeout=2, patience=6, deadline_ms=8000)

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        inside = "{name: proxy-two-visit, isolate: none, allow_unsigned: true}"
        assert text.count(inside) == 1
        self.configuration.write_text(text.replace(inside, inside.replace("none", "process")))


class Mishaps:
    """What can happen, as methods; `mend()` makes good again what the person at the counter can."""

    def __init__(self, world, card, other, dice):
        self.world, self.card, self.other, self.dice = world, card, other, dice
        self.held = []  # sockets
        self.swapped = False

    def names(self):
        return [name for name in dir(self) if name.startswith("do_")]

    def do_kill(self):
        self.world.daemon.process.kill()

    def do_end(self):
        self.world.daemon.process.terminate()

    def do_freeze(self):
        pid = self.world.daemon.process.pid
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.4)
        os.kill(pid, signal.SIGCONT)

    def do_kill_pcscd(self):
        self.world.pcscd.kill()

    def do_pull(self):
        self.card.order("remove")

    def do_pull_before_answer(self):
        self.card.fault(f"vanish-before:count={self.dice.randrange(1, 30)}")

    def do_swap(self):
        self.card.stop()
        self.other.play(self.world.pcscd.ports[0])
        self.swapped = True

    def do_authority_down(self):
        self.world.authority.stop()

    def do_authority_lies(self):
        self.world.authority.order(self.dice.choice(LIES))

    def do_disk_full(self):
        (self.world.disk / "full").touch()

    def do_plugin_dies(self):
        for pid in children(self.world.daemon.process.pid, "madoguchi-plugi"):
            os.kill(pid, signal.SIGKILL)

    def do_plugin_hangs(self):
        for pid in children(self.world.daemon.process.pid, "madoguchi-plugi"):
            os.kill(pid, signal.SIGSTOP)

    def do_idle_connections(self):
        for _ in range(IDLE_CONNECTIONS):
            self.connect()

    def do_half_a_request(self):
        self.connect(b'{"jsonrpc":"2.0","id":1,"method":"cases.o')

    def do_slow_writer(self):
        for _ in range(5):
            self.connect(b"{")

    def do_deaf_subscriber(self):
        self.connect(b'{"jsonrpc":"2.0","id":1,"method":"events.subscribe","params":{"topics":["cases","readers"]}}\n')

    def connect(self, data=b""):
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(2)
        connection.connect(str(self.world.socket))
        connection.sendall(data)
        self.held.append(connection)

    def mend(self):
        world = self.world
        for connection in self.held:
            connection.close()
        self.held.clear()
        (world.disk / "full").unlink(missing_ok=True)
        if world.pcscd.process is None:
            world.pcscd.start()
        if not world.authority.running:
            world.authority.start()
        if self.swapped:
            self.other.stop()
            self.swapped = False
        self.put_back()
        if world.daemon.process.poll() is not None:
            world.daemon.stop()
            world.start_again()
        world.await_reader("present", patience=SERVED_WITHIN)

    def put_back(self):
        """The card in its reader, wherever it was."""
        if self.card.playing:
            try:
                if self.card.order("status")["taken"]:
                    return
            except (OSError, RuntimeError, ValueError):
                pass
            self.card.stop()
        self.card.play(self.world.pcscd.ports[0])


def children(pid, name):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text()
        except OSError:
            continue
        called = fields[fields.index("(") + 1 : fields.rindex(")")]
        if called == name and fields[fields.rindex(")") + 2 :].split()[1] == str(pid):
            found.append(int(entry.name))
    return found


class Episode:
    def __init__(self, world, number, tell):
        self.world, self.number, self.tell = world, number, tell
        self.dice = random.Random(number)
        self.citizen = self.dice.choice(list(KINDS))
        self.certificates = KINDS[self.citizen]
        self.case, self.acknowledged, self.last = None, 0, ""
        self.wrong, self.happened = [], []
        self.before = {entry["serial"] for entry in world.authority.issued()}

    def play(self):
        world = self.world
        self.card = world.make_card(self.citizen)
        self.other = world.make_card("fresh")
        mishaps = Mishaps(world, self.card, self.other, self.dice)
        self.plan = {}
        for _ in range(self.dice.randrange(1, 4)):
            what = self.dice.choice(mishaps.names())
            self.plan.setdefault(self.dice.randrange(1, 4), []).append((what, self.dice.random() * 0.9))
        try:
            for number in range(1, ROUNDS + 1):
                mishaps.mend()
                if number > ROUNDS_WITH_MISHAPS:
                    world.authority.order({"clear": True})
                state = self.round(mishaps, self.plan.get(number, []))
                self.tell(f"    {number} {state} {self.last}")
                if state == "completed":
                    break
            mishaps.mend()
            self.check(state)
        finally:
            mishaps.mend()
            self.card.stop()
            self.other.stop()
            # The next citizen, who has to be served within seconds whatever has been.
            world.await_reader("empty", patience=SERVED_WITHIN)

    def round(self, mishaps, planned):
        timers = [threading.Timer(after, self.strike, (mishaps, what)) for what, after in planned]
        client = None
        try:
            client = madoguchi.Client(str(self.world.socket), timeout=30)
            for timer in timers:
                timer.start()
            return self.attempt(client)
        except (madoguchi.Error, madoguchi.Lost, OSError) as error:
            self.last = f"{type(error).__name__} {getattr(error, 'reason', '')} {error}"
            if getattr(error, "reason", "") == "internal":
                self.wrong.append(f"internal: {error}")
            return "failed"
        finally:
            for timer in timers:
                if timer.is_alive() or timer.ident is None:
                    timer.cancel()
            for timer in timers:
                if timer.ident is not None:
                    timer.join()
            if client:
                client.close()

    def strike(self, mishaps, what):
        self.happened.append(what)
        try:
            getattr(mishaps, what)()
        except (OSError, RuntimeError, ValueError, AssertionError) as error:
            # What was to be broken is broken already.
            self.tell(f"    {what}: {error}")

    def attempt(self, client):
        self.last = ""
        if self.case is None:
            self.find(client)
        if self.case is None:
            opened = client.call(
                "cases.open", facts=self.card.facts(**self.facts()), reader=self.world.pcscd.names[0], staff=STAFF
            )
            self.case = opened["id"]
            self.acknowledge(opened)
        visit = client.call("cases.get", case=self.case)
        if visit["revision"] < self.acknowledged:
            self.wrong.append(f"revision {self.acknowledged} was acknowledged, the store has {visit['revision']}")
        if visit["state"] in ("open", "ready"):
            self.verify(client)
        for _ in range(3):
            if visit["state"] == "completed":
                return "completed"
            try:
                visit = client.call("cases.issue", case=self.case, staff=STAFF)
                self.acknowledge(visit)
                return visit["state"]
            except madoguchi.Error as error:
                if error.reason != "pin.required":
                    raise
            self.verify(client)
        return visit["state"]

    def find(self, client):
        """It may have been opened although nobody has heard of it."""
        number = self.card.made.get("card_number")
        known = client.call("cases.list", card=number)["cases"] if number else []
        if len(known) > 1:
            self.wrong.append("two cases for one visit")
        if known:
            self.case = known[0]["id"]

    def facts(self):
        return {"card": {"face_authentication": True}} if self.citizen == "face-authentication" else {}

    def verify(self, client):
        for pin in client.call("cases.get", case=self.case)["decision"]["pins_required"]:
            self.acknowledge(enter_pin(client, self.card, self.case, pin)["case"])

    def acknowledge(self, visit):
        self.acknowledged = max(self.acknowledged, visit["revision"])

    def check(self, state):
        held = self.card.held()
        issued = [e for e in self.world.authority.issued() if e["serial"] not in self.before]
        keys = [entry["spki_sha256"] for entry in issued]
        if len(keys) != len(set(keys)):
            self.wrong.append("two serials for one key")
        if state != "completed":
            self.wrong.append(f"ended as {state}: {self.last}")
        for name in self.certificates:
            slot = held["slots"][name]
            pair = [e for e in issued if same_serial(e["serial"], slot["certificate"]["serial"])]
            if not pair or not pair[0]["spki_sha256"].startswith(slot["key"]):
                self.wrong.append(f"{name}: the card has no working pair")
            elif (pair[0]["status"], pair[0]["confirmed"]) != ("good", True):
                self.wrong.append(f"{name}: {pair[0]['status']} at the authority, confirmed: {pair[0]['confirmed']}")
        # Two were made when the card was; each renewal adds one that is good and revokes one.
        good = sum(entry["status"] == "good" for entry in issued)
        expected = len(self.certificates) + self.made_for_other()
        if state == "completed" and good != expected:
            self.wrong.append(f"{good} certificates are good at the authority, {expected} expected")
        for pin, tries in FULL.items():
            if pin in held["tries"] and self.citizen != "face-authentication" and held["tries"][pin] != tries:
                self.wrong.append(f"{pin}: {held['tries'][pin]} tries left")

    def made_for_other(self):
        """Good ones of the strange card."""
        return sum(1 for slot in self.other.held()["slots"].values() if slot.get("certificate"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="first", type=int, help="the first episode's number; else one is drawn")
    parser.add_argument("--episodes", type=int, default=20)
    parser.add_argument("--rounds", action="store_true", help="tell each try")
    options = parser.parse_args()
    first = options.first if options.first is not None else random.SystemRandom().randrange(10**9)
    print(f"episodes {first} to {first + options.episodes - 1}", flush=True)
    tell = (lambda line: print(line, flush=True)) if options.rounds else (lambda _: None)
    struck, violations = collections.Counter(), 0
    with Counter() as world:
        for number in range(first, first + options.episodes):
            episode = Episode(world, number, tell)
            try:
                episode.play()
            except Exception as error:  # noqa: BLE001  (whatever it is, it is this episode's)
                episode.wrong.append(f"{type(error).__name__}: {error}")
            struck.update(episode.happened)
            for what in episode.wrong:
                violations += 1
                print(f"{number} {episode.citizen} {json.dumps(episode.plan)} {what}", flush=True)
    for what, count in sorted(struck.items()):
        print(f"{count:6} times {what.removeprefix('do_').replace('_', ' ')}")
    print(f"{violations:6} violations")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
