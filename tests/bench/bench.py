"""Measures the daemon against floors, in pairs within one run; README.md says how and what for.

A figure that misses its aim is reported as missed; the exit status is 1 only when something could not be measured.
"""

import argparse
import base64
import contextlib
import json
import math
import os
import pathlib
import platform
import select
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))

from figures import paired, plain, table  # noqa: E402
from fixture.counter import STAFF, Visit  # noqa: E402
from fixture.opensc import OpenSC  # noqa: E402
from fixture.program import PATIENCE, Background, program  # noqa: E402
from fixture.sealed import Key  # noqa: E402
from fixture.world import World  # noqa: E402

POLICY = ROOT / "config" / "policy" / "utsunomiya" / "policy.yaml"
MICROSECOND, MILLISECOND, SECOND = 1e3, 1e6, 1e9
# Longer than any subject takes, so that a bench that hangs ends.
LIMIT_SECONDS = 600


class Counter(World):
    """The end-to-end world with the log that a counter machine has."""

    def _configure(self):
        super()._configure()
        text = self.configuration.read_text()
        text = text.replace("level: debug", "level: info")
        # What is measured is how fast it is, not how fast it lets one connection be.
        self.configuration.write_text(text + "api: {max_requests_per_second: 1000000}\n")


class Bench:
    """What all subjects share: the world, how much to measure, and on which CPUs."""

    def __init__(self, world, quick, pairs):
        self.world, self.quick = world, quick
        self.pairs = 1 if quick else pairs
        cpus = sorted(os.sched_getaffinity(0))
        self.server_cpu, self.client_cpu = cpus[0], cpus[-1]
        self.client = world.client()
        self.card = world.make_card("expiring-soon")
        self.reader = world.insert(self.card)

    @property
    def pid(self):
        return self.world.daemon.process.pid

    def measure(self, subject, *options, cpu=None, times=1):
        """One subject of madoguchi-bench; `times` as many pairs as others for what varies more."""
        pairs = self.pairs if self.quick else self.pairs * times
        command = [program("madoguchi-bench"), "--pairs", str(pairs), "--divisor", "100" if self.quick else "1"]
        command += ["--cpu", str(cpu)] if cpu is not None else []
        command += [subject, *map(str, options)]
        done = subprocess.run(
            command, env=self.world.pcscd.env, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(f"madoguchi-bench {subject}: {done.stderr.strip()}")
        return json.loads(done.stdout)


def pin(pid, cpus):
    """All threads of the process onto these CPUs."""
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(int(task.name), cpus)


@contextlib.contextmanager
def servers(bench):
    """The daemon and its floor on one CPU each to themselves; yields madoguchi-bench's options for both."""
    path, answer = bench.world.folder / "floor.sock", bench.world.folder / "floor.answer"
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(str(bench.world.socket))
        one.sendall(b'{"jsonrpc":"2.0","id":1,"method":"system.info","params":{}}\n')
        answer.write_bytes(one.makefile("rb").readline())
    path.unlink(missing_ok=True)
    floor = Background("madoguchi-bench-echo", path, answer, log=bench.world.folder / "floor.log", pipe=True)
    try:
        floor.first_line()
        pin(bench.pid, {bench.server_cpu})
        pin(floor.process.pid, {bench.server_cpu})
        yield (
            "--socket", bench.world.socket, "--pid", bench.pid,
            "--floor-socket", path, "--floor-pid", floor.process.pid,
        )  # fmt: skip
    finally:
        pin(bench.pid, os.sched_getaffinity(0))
        floor.stop()


def round_trips(bench):
    with servers(bench) as options:
        measured = bench.measure("round-trip", *options, cpu=bench.server_cpu)["round_trip"]
    yield paired("socket round trip of system.info, one CPU", measured, "us", MICROSECOND, aim=1.6)
    yield paired("  CPU time of the server", measured, "us", MICROSECOND, key="cpu_ns")


def crowds(bench):
    with servers(bench) as options:
        measured = bench.measure("crowd", *options, cpu=bench.client_cpu)
    for key, words in (("crowd", "16 clients"), ("crowd_pipelined", "16 clients, 16 in flight each")):
        yield paired(f"{words}: requests a second", measured[key], "/s", SECOND, rate=True)
        yield paired("  CPU time of the server a request", measured[key], "us", MICROSECOND, key="cpu_ns")


@contextlib.contextmanager
def one_cpu(bench):
    """All that a command passes through on one CPU: apart, its time is above all that of waking the other one, which
    falls to ours or to the floor's thread as the scheduler likes."""
    pids = (bench.pid, bench.world.pcscd.process.pid, bench.card.pid)
    try:
        for pid in pids:
            pin(pid, {bench.server_cpu})
        yield bench.server_cpu
    finally:
        for pid in pids:
            pin(pid, os.sched_getaffinity(0))


def card_commands(bench):
    with one_cpu(bench) as cpu:
        measured = bench.measure("card", "--reader", bench.reader, "--socket", bench.world.socket, cpu=cpu)
    yield paired("a command to the card, 256 bytes back", measured["command"], "us", MICROSECOND, aim=1.1)
    yield paired("  CPU time of the client", measured["command"], "us", MICROSECOND, key="cpu_ns")
    commands = int(measured["inspection"]["floor"][0]["commands"])
    name = f"card.inspect over the socket, {commands} commands"
    yield paired(name, measured["inspection"], "ms", MILLISECOND, aim=1.1)


def commands_for_certificates(bench):
    def commands():
        return sum(" > " in line for line in bench.card.trace.read_text().splitlines())

    def count(read):
        before = commands()
        read()
        return commands() - before

    def by_opensc(env):
        opensc = OpenSC(env, bench.reader, bench.world.folder)
        return [opensc.certificate(n, bench.card.pins[n] if n == "signature" else None) for n in certificates]

    def by_daemon():
        answer = bench.client.call(
            "card.check_expiry", reader=bench.reader, pins={"signature": bench.card.pins["signature"]}, staff=STAFF
        )
        days = {n: entry.get("expires_on") for n, entry in answer["certificates"].items()}
        assert days == {n: c.expires_on for n, c in zip(certificates, seen)}, (days, seen)

    certificates = ("authentication", "signature")
    seen = by_opensc(bench.world.pcscd.env)
    aim = sum(6 + math.ceil(der_size(certificate) / 256) for certificate in seen)
    pinned = {**bench.world.pcscd.env, "OPENSC_DRIVER": "jpki"}
    yield plain("commands to read both certificates", [count(by_daemon)], "", aim=aim)
    yield plain("  by OpenSC, told its driver", [count(lambda: by_opensc(pinned))], "")
    yield plain("  by OpenSC as installed", [count(lambda: by_opensc(bench.world.pcscd.env))], "")


def der_size(certificate):
    lines = certificate.pem.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    return len(base64.b64decode(lines))


def transitions(bench):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "build"))
    try:
        script = folder / "transitions.json"
        script.write_text(json.dumps(renewal_on_record(bench)))
        measured = bench.measure("store", "--folder", folder, "--transitions", script, times=3)
    finally:
        shutil.rmtree(folder)
    size = measured["transition"]["floor"][0]["bytes"] / 1024
    name = f"durable transitions of a case a second, {size:.1f} KiB new each"
    yield paired(name, measured["transition"], "/s", SECOND, rate=True, aim=0.6, at_least=True)
    yield paired("  against the same rows unsealed and unsigned", measured["sealing"], "/s", SECOND, rate=True)
    yield paired("  CPU time, against the same", measured["sealing"], "us", MICROSECOND, key="cpu_ns")


def renewal_on_record(bench):
    """Does a renewal and takes down what the daemon stores at each of its transitions."""
    visit = Visit(bench.client, bench.card, bench.reader)
    with contextlib.closing(sqlite3.connect(bench.world.folder / "cases.db", isolation_level=None)) as store:
        store.executescript(KEEP_TRANSITIONS)
        visit.open()
        visit.verify_all()
        visit.issue()
        Key(bench.world.folder / "store.key").functions_of(store)
        text = f"unseal('cases.body', '{visit.id}', body)"
        bodies = store.execute(f"SELECT revision, state, {text} FROM bench_transitions ORDER BY revision").fetchall()
        text = f"iif(body IS NULL, NULL, unseal('case_parts.body', '{visit.id}/' || name, body))"
        changed = store.execute(f"SELECT revision, name, {text} FROM bench_parts ORDER BY rowid").fetchall()
        audited = store.execute("SELECT revision, line FROM bench_audit ORDER BY rowid").fetchall()
        store.executescript(FORGET_TRANSITIONS)
        card, *_ = store.execute("SELECT unseal('cases.card', id, card) FROM cases WHERE id = ?", [visit.id]).fetchone()
        text = "unseal('journal.body', case_id || '/' || seq, body)"
        journal = store.execute(f"SELECT kind, {text} FROM journal WHERE case_id = ? ORDER BY seq", [visit.id]).fetchall()
        text = "unseal('events.data', seq, data)"
        events = store.execute(f"SELECT type, {text} FROM events WHERE case_id = ? ORDER BY seq", [visit.id]).fetchall()
    return {
        "card": card,
        "reader": bench.reader,
        "bodies": [
            {
                "state": state, "body": text, "parts": parts_at(revision, changed),
                "audit": [line for at, line in audited if at == revision],
            }  # fmt: skip
            for revision, state, text in bodies
        ],
        "journal": [{"kind": kind, "body": text} for kind, text in journal],
        "events": [{"type": kind, "data": text} for kind, text in events],
    }


def parts_at(revision, changed):
    last = {name: text for at, name, text in changed if at <= revision}
    return {name: text for name, text in last.items() if text is not None}


# The daemon's own statements fire these; it has nothing else open on the store, and forgets them again.
KEEP_TRANSITIONS = """
CREATE TABLE bench_transitions (revision INTEGER, state TEXT, body TEXT);
CREATE TRIGGER bench_opened AFTER INSERT ON cases
  BEGIN INSERT INTO bench_transitions VALUES (new.revision, new.state, new.body); END;
CREATE TRIGGER bench_changed AFTER UPDATE ON cases
  BEGIN INSERT INTO bench_transitions VALUES (new.revision, new.state, new.body); END;
CREATE TABLE bench_parts (revision INTEGER, name TEXT, body TEXT);
CREATE TRIGGER bench_part_made AFTER INSERT ON case_parts
  BEGIN INSERT INTO bench_parts SELECT revision, new.name, new.body FROM cases WHERE id = new.case_id; END;
CREATE TRIGGER bench_part_changed AFTER UPDATE ON case_parts
  BEGIN INSERT INTO bench_parts SELECT revision, new.name, new.body FROM cases WHERE id = new.case_id; END;
CREATE TRIGGER bench_part_removed AFTER DELETE ON case_parts
  BEGIN INSERT INTO bench_parts SELECT revision, old.name, NULL FROM cases WHERE id = old.case_id; END;
CREATE TABLE bench_audit (revision INTEGER, line TEXT);
CREATE TRIGGER bench_audited AFTER INSERT ON audit
  BEGIN INSERT INTO bench_audit SELECT revision, new.line FROM cases WHERE id = new.case_id; END;
"""
FORGET_TRANSITIONS = """
DROP TRIGGER bench_opened; DROP TRIGGER bench_changed; DROP TABLE bench_transitions;
DROP TRIGGER bench_part_made; DROP TRIGGER bench_part_changed; DROP TRIGGER bench_part_removed; DROP TABLE bench_parts;
DROP TRIGGER bench_audited; DROP TABLE bench_audit;
"""


def memory(bench):
    """Each case is opened with the card in the reader, checks a PIN and is cancelled; a subscriber hears of it all."""
    listener = bench.world.client()
    listener.call("events.subscribe")
    before = resident(bench.pid)
    cases = 10 if bench.quick else 1000
    for _ in range(cases):
        visit = Visit(bench.client, bench.card, bench.reader)
        visit.open()
        visit.verify("authentication")
        bench.client.call("cases.cancel", case=visit.id, reason="measured", staff=STAFF)
        while listener.next_event(timeout=PATIENCE)["type"] != "case.cancelled":
            pass
    yield plain("resident memory before", [before], "MiB")
    yield plain(f"resident memory after {cases} cases", [resident(bench.pid)], "MiB", aim=25)


def resident(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")


def starts(bench):
    """With the store that the subjects before have filled."""
    bench.world.daemon.stop()
    ready, answered = zip(*(start(bench) for _ in range(1 if bench.quick else bench.pairs)))
    yield plain("start to READY=1", ready, "ms")
    yield plain("start to the first answer", answered, "ms", aim=100)


def start(bench):
    """Milliseconds until the daemon has told its manager that it is ready, and until it has answered."""
    notified = bench.world.folder / "notify.sock"
    notified.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, socket.socket(socket.AF_UNIX) as app:
        manager.bind(str(notified))
        env = {**bench.world.pcscd.env, "NOTIFY_SOCKET": str(notified)}
        command = [program("madoguchid"), "--config", str(bench.world.configuration)]
        with open(bench.world.log, "ab") as log:
            began = time.monotonic()
            daemon = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env)
        try:
            times, asked = {}, False
            while len(times) < 2:
                if time.monotonic() > began + PATIENCE:
                    raise RuntimeError("the daemon does not come up")
                asked = asked or ask(app, bench.world.socket)
                waiting = [manager, app] if asked else [manager]
                for each in select.select([s for s in waiting if s not in times], [], [], 0.0002)[0]:
                    said = each.recv(65536)
                    if each is app or b"READY=1" in said:
                        times[each] = (time.monotonic() - began) * 1000
            return times[manager], times[app]
        finally:
            daemon.terminate()
            daemon.wait(PATIENCE)


def ask(app, path):
    try:
        app.connect(str(path))
    except (FileNotFoundError, ConnectionRefusedError):
        return False
    app.sendall(b'{"jsonrpc":"2.0","id":1,"method":"system.info"}\n')
    return True


def decisions(bench):
    host = pathlib.Path(program("madoguchi-plugin-host"))
    plugins = host.parent.parent / "lib" / "madoguchi" / "plugins"
    measured = bench.measure("decision", "--policy", POLICY, "--plugins", plugins, "--host-program", host)
    yield paired("decide(), CPU time", measured["decide"], "us", MICROSECOND, key="cpu_ns")
    yield paired("  with facts and decision as JSON", measured["decide_json"], "us", MICROSECOND, key="cpu_ns")
    held = {"held": "value"}
    yield paired("  with three plugins in process", measured["decide_plugins"], "us", MICROSECOND, key="cpu_ns", aim=50, **held)
    yield paired("  with three plugins isolated, wall time", measured["decide_isolated"], "us", MICROSECOND, aim=200, **held)


# transitions() renews the card's certificates, which memory() needs to be about to end; starts() stops the daemon.
SUBJECTS = (round_trips, crowds, card_commands, commands_for_certificates, decisions, memory, transitions, starts)


def machine():
    model = next(
        (line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8") if "model name" in line),
        platform.machine(),
    )
    return {"cpu": model, "cpus": len(os.sched_getaffinity(0)), "kernel": platform.release(), "load": os.getloadavg()[0]}


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench", description="ratios of the daemon to floors, in one run")
    parser.add_argument("--quick", action="store_true", help="a few iterations, to see that it works")
    parser.add_argument("--pairs", type=int, default=11, help="measurements of each side (%(default)s)")
    parser.add_argument("--json", metavar="FILE", help="write every sample there")
    parser.add_argument("--only", action="append", choices=[s.__name__ for s in SUBJECTS], help="a subject")
    options = parser.parse_args()

    where, figures, failures = machine(), [], []
    print(f"{where['cpu']}, {where['cpus']} CPUs, Linux {where['kernel']}, load {where['load']:.1f}\n", flush=True)
    with Counter(layout="spare") as world:
        bench = Bench(world, options.quick, options.pairs)
        for subject in SUBJECTS:
            if options.only and subject.__name__ not in options.only:
                continue
            try:
                figures.extend(subject(bench))
            except Exception as error:  # noqa: BLE001  (the others are measured all the same)
                failures.append(f"{subject.__name__}: {type(error).__name__}: {error}")
    print(table(figures))
    for failure in failures:
        print(f"not measured: {failure}", file=sys.stderr)
    if options.json:
        content = {"machine": where, "pairs": bench.pairs, "figures": [f.to_json() for f in figures]}
        pathlib.Path(options.json).write_text(json.dumps({**content, "failures": failures}, indent=1) + "\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
