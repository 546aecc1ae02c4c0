"""A front-end that is gone in the middle of its request: what it has begun ends by itself, others are told so meanwhile, and
the reader is free as soon as that is over."""

import contextlib
import json
import os
import pathlib
import signal
import socket
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixture.counter import STAFF, Visit
from fixture.program import wait_until
from fixture.trouble import Trouble


@contextlib.contextmanager
def standing_still(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


class ClientGone(Trouble):
    def begin(self, method, **params):
        """A request of a front-end that is not there for its answer."""
        connection = socket.socket(socket.AF_UNIX)
        self.addCleanup(connection.close)
        connection.connect(str(self.world.socket))
        connection.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode() + b"\n")
        return connection

    @staticmethod
    def vanish(connection):
        connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def test_while_a_case_is_opened(self):
        self.world.vacate()
        card = self.world.make_card("expiring-soon")
        reader = self.world.insert(card)
        self.addCleanup(self.leave, card)
        before = {case["id"] for case in self.client.call("cases.list")["cases"]}
        with standing_still(self.world.pcscd.process.pid):
            gone = self.begin("cases.open", facts=card.facts(), reader=reader, staff=STAFF)
            wait_until(lambda: self.world.reader_state() == "busy", "the card is being read")
            self.vanish(gone)
            for _ in range(20):
                error = self.refused("reader.busy", Visit(self.client, card, reader).open)
                self.assertTrue(error.retryable, "nobody has to do anything but wait")
        opened = wait_until(
            lambda: [case["id"] for case in self.client.call("cases.list")["cases"] if case["id"] not in before],
            "what was begun is done",
        )
        self.assertEqual(len(opened), 1)
        visit = Visit(self.client, card, reader, opened[0])
        self.assertTrue(visit.inspect(), "the reader is free, and nobody had to take the card away")
        visit.verify_all()
        self.finish(visit)
        self.check_end(visit)

    def test_while_certificates_are_issued(self):
        visit = self.ready()
        with standing_still(self.world.authority.pid):
            gone = self.begin("cases.issue", case=visit.id, staff=STAFF)
            wait_until(lambda: "issue.begun" in visit.timeline(), "the issuing has begun")
            self.vanish(gone)
            for _ in range(20):
                self.refused("reader.busy", visit.verify, "authentication")
                self.refused("reader.busy", visit.inspect)
        wait_until(lambda: visit.get()["state"] == "completed", "what was begun is done")
        self.assertTrue(visit.inspect(), "the reader is free")
        self.check_end(visit)


if __name__ == "__main__":
    unittest.main()
