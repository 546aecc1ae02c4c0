"""What can happen at a real counter, and what the person at the counter does about it."""

import os
import pathlib
import resource
import signal
import socket
import subprocess
import threading
import time

from fixture.program import wait_until
from fixture.world import madoguchi

from live.another import DEEDS, WRONG, Another
from live.counter import LETS_GO_WITHIN, SERVED_WITHIN, lies_there

IDLE_CONNECTIONS = 1000
DRIPPING_CONNECTIONS = 5
DEAF_REQUESTS = 2000
# Some 0.15 seconds on an idle machine.
STARTED_WITHIN = 0.4
# More than clocks may differ, and less than a certificate's day.
CLOCKS_APART = 360
A_DAY = 24 * 3600

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


class Mishaps:
    """Each is a method `do_...`; `mend()` makes good again what the person at the counter can."""

    def __init__(self, world, card, other, dice, facts):
        self.world, self.card, self.other, self.dice = world, card, other, dice
        self.held = []  # sockets
        self.client = None  # the clerk's
        self.case = None  # of the visit, once it is begun
        self.another = Another(world, card, facts)
        self.place_again = False  # as the daemon wants it
        self.mistype = 0  # so many of the next PINs
        self.swapped = self.told_to_end = False
        self.dies_at_start, self.starts_on = None, None
        self.violations = []
        self._dripping = threading.Event()

    @classmethod
    def names(cls):
        return [name for name in dir(cls) if name.startswith("do_")]

    def do_kill(self):
        self.told_to_end = True
        self.world.daemon.process.kill()

    def do_kill_twice(self):
        """Again while it begins anew."""
        self.dies_at_start = self.dice.random() * STARTED_WITHIN
        self.do_kill()

    def do_kill_on_full_disk(self):
        """Somebody starts it before anybody makes room."""
        self.starts_on = self.dice.choice(("full", "read-only"))
        self.do_kill()

    def do_power_lost(self):
        self.told_to_end = True
        self.world.lose_power(self.dice)

    def do_end(self):
        self.told_to_end = True
        self.world.daemon.process.terminate()

    def do_freeze(self):
        freeze(self.world.daemon.process.pid, 0.4)

    def do_clock_forward(self):
        self.world.shift_clock(CLOCKS_APART)

    def do_clock_back(self):
        self.world.shift_clock(-CLOCKS_APART)

    def do_day_ahead(self):
        """Somebody has set the date wrongly, and sets it right again."""
        self.world.shift_clock(A_DAY)

    def do_kill_pcscd(self):
        self.world.pcscd.kill()

    def do_restart_pcscd(self):
        self.world.pcscd.kill()
        self.world.pcscd.start()

    def do_freeze_pcscd(self):
        freeze(self.world.pcscd.process.pid, 0.6)

    def do_unplug(self):
        self.world.unplug()

    def do_pull(self):
        self.card.order("remove")

    def do_pull_before_answer(self):
        self.card.fault(f"vanish-before:count={self.dice.randrange(1, 30)}")

    def do_swap(self):
        self.world.take_away(self.card)
        # Before there is a case a strange card would be taken for the citizen's.
        if self.case is not None:
            self.swapped = True
            self.other.play(self.world.pcscd.ports[0])

    def do_authority_down(self):
        self.world.authority.stop()

    def do_freeze_authority(self):
        freeze(self.world.authority.pid, 0.6)

    def do_authority_lies(self):
        self.world.authority.order(self.dice.choice(LIES))

    def do_disk_full(self):
        (self.world.disk / "full").touch()

    def do_disk_read_only(self):
        (self.world.disk / "read-only").touch()

    def do_plugin_dies(self):
        for pid in self.plugins():
            os.kill(pid, signal.SIGKILL)

    def do_plugin_hangs(self):
        for pid in self.plugins():
            os.kill(pid, signal.SIGSTOP)

    def do_plugin_without_memory(self):
        for pid in self.plugins():
            _, hard = resource.prlimit(pid, resource.RLIMIT_AS)
            resource.prlimit(pid, resource.RLIMIT_AS, (1, hard))

    def do_another_clerk(self):
        pins = [pin for pin in WRONG if pin in self.card.pins]
        self.another.begin(self.dice.choice(DEEDS), self.case, self.dice.choice(pins) if pins else None)

    def do_several_clerks(self):
        for _ in range(3):
            self.do_another_clerk()

    def do_mistype(self):
        self.mistype = self.dice.randrange(1, 3)

    def do_reload(self):
        self.world.daemon.process.send_signal(signal.SIGHUP)

    def do_no_descriptors(self):
        pid = self.world.daemon.process.pid
        _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (len(os.listdir(f"/proc/{pid}/fd")), hard))

    def do_client_vanishes(self):
        # As when its process has died: nobody reads the answer.
        self.client._socket.shutdown(socket.SHUT_RDWR)

    def do_idle_connections(self):
        for _ in range(IDLE_CONNECTIONS):
            try:
                self.connect()
            except OSError:
                return  # that many are not let in

    def do_half_a_request(self):
        self.connect(b'{"jsonrpc":"2.0","id":1,"method":"cases.o')

    def do_dripping_requests(self):
        connections = [self.connect(b"{") for _ in range(DRIPPING_CONNECTIONS)]
        self._dripping.clear()

        def drip():
            while not self._dripping.wait(0.05):
                for connection in connections:
                    try:
                        connection.send(b" ")
                    except OSError:
                        pass  # it was not kept waiting for ever

        threading.Thread(target=drip, daemon=True).start()

    def do_deaf_subscriber(self):
        self.connect(b'{"jsonrpc":"2.0","id":1,"method":"events.subscribe","params":{"topics":["cases","readers"]}}\n')

    def do_deaf_and_asking(self):
        connection = self.connect()
        connection.setblocking(False)
        try:
            connection.sendall(b'{"jsonrpc":"2.0","id":1,"method":"readers.list"}\n' * DEAF_REQUESTS)
        except BlockingIOError:
            pass  # it is not listened to any longer

    def plugins(self):
        return children(self.world.daemon.process.pid, "madoguchi-plugi")

    def connect(self, data=b""):
        connection = socket.socket(socket.AF_UNIX)
        self.held.append(connection)
        connection.settimeout(2)
        connection.connect(str(self.world.socket))
        connection.sendall(data)
        return connection

    def mend(self):
        world = self.world
        self.give_descriptors()
        self.another.finish()
        self._dripping.set()
        for connection in self.held:
            connection.close()
        self.held.clear()
        for mark in ("full", "read-only"):
            (world.disk / mark).unlink(missing_ok=True)
        world.shift_clock(0)
        if not world.authority.running:
            world.authority.start()
        self.start_daemon()
        self.await_plugins()
        if world.unplugged:
            self.card.stop()
            world.plug_in()
        if world.pcscd.process is None:
            world.pcscd.start()
        if self.swapped:
            self.world.take_away(self.other)
            self.swapped = False
        self.put_back()
        wait_until(self.seen, lambda: f"the card is seen; the reader is {world.reader_state()}", SERVED_WITHIN)

    def give_descriptors(self):
        try:
            pid = self.world.daemon.process.pid
            _, hard = resource.prlimit(pid, resource.RLIMIT_NOFILE)
            resource.prlimit(pid, resource.RLIMIT_NOFILE, (hard, hard))
        except ProcessLookupError:
            pass  # the daemon is no more

    def await_plugins(self):
        """As long as a clerk is told to try again. In quarantine, which this many mishaps a minute lead to and no counter
        sees, the administrator begins anew."""
        states = set()

        def ready():
            states.clear()
            states.update(each["state"] for each in self.world.front_end.call("plugins.list")["plugins"])
            return "waiting" not in states

        wait_until(ready, "every plugin may be asked again", SERVED_WITHIN)
        if "quarantined" in states:
            self.do_end()
            self.start_daemon()

    def seen(self):
        """Busy is one that is held for a case that goes on."""
        return self.world.reader_state() in ("present", "busy")

    def start_daemon(self):
        """When it is no more; one that was told to end has to."""
        daemon = self.world.daemon.process
        if self.told_to_end:
            self.told_to_end = False
            try:
                wait_until(lambda: daemon.poll() is not None, "the daemon ends as it was told", SERVED_WITHIN)
            except AssertionError as late:
                self.violations.append(str(late))
        status = daemon.poll()
        if status is not None:
            if status not in (0, -signal.SIGKILL):
                self.violations.append(f"the daemon ended with {status}")
            self.world.daemon.stop()
            self.start_in_vain()
            if not self.world.daemon.running:
                self.world.start_again()
            return
        try:
            self.world.reader_state()
        except madoguchi.Lost:
            # Connections end when too many are held; the person reloads the page.
            self.world.client().close()
            self.world._clients[:] = [self.world.client()]

    def start_in_vain(self):
        """As was drawn: it is killed before it is ready, or its disk lets nothing be written. On such a disk it may end, and
        say why, or live on and be well once there is room."""
        if self.dies_at_start is not None:
            begun = self.world.begin_daemon()
            try:
                begun.process.wait(self.dies_at_start)
            except subprocess.TimeoutExpired:
                pass
            self.dies_at_start = None
            begun.kill()
        if self.starts_on is not None:
            mark = self.world.disk / self.starts_on
            self.starts_on = None
            mark.touch()
            try:
                self.world.start_again()
            except AssertionError as ended:
                status = self.world.daemon.process.poll()
                if status is None or status < 0:
                    self.violations.append(f"it neither starts on a disk that is {mark.name} nor ends: {ended}")
                self.world.daemon.stop()
            mark.unlink()

    def put_back(self):
        """The card in its reader, wherever it was."""
        if lies_there(self.card) and not self.place_again:
            return
        self.place_again = False
        self.world.take_away(self.card)
        # Of a card that left by itself pcscd may not have seen that yet.
        try:
            wait_until(lambda: self.world.reader_state() in ("empty", None), "the reader is empty", LETS_GO_WITHIN)
        except AssertionError:
            pass  # another card lies there, and is taken away by and by
        self.card.play(self.world.pcscd.ports[0])


def freeze(pid, seconds):
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)


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
