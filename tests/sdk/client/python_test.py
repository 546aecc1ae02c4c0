"""The Python client against a scripted daemon."""

import json
import os
import socket
import tempfile
import threading
import unittest

import madoguchi


class FakeDaemon:
    """Accepts one connection and runs `script(read, write)` on it; `read()` gives the next request, None once the
    client has closed."""

    def __init__(self, folder, script):
        self.path = os.path.join(folder, "daemon.sock")
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(self.path)
        self._listener.listen(1)
        self._thread = threading.Thread(target=self._run, args=(script,))
        self._thread.start()

    def _run(self, script):
        connection, _ = self._listener.accept()
        with connection, connection.makefile("rb") as incoming:
            script(lambda: json.loads(incoming.readline() or "null"),
                   lambda message: connection.sendall(json.dumps(message).encode() + b"\n"))

    def close(self):
        self._thread.join()
        self._listener.close()


def notify(seq):
    return {"jsonrpc": "2.0", "method": "events.notify", "params": {"seq": seq, "type": "card.inserted"}}


class ClientTest(unittest.TestCase):
    def setUp(self):
        self._folder = tempfile.TemporaryDirectory()
        self.addCleanup(self._folder.cleanup)

    def client(self, script, **options):
        daemon = FakeDaemon(self._folder.name, script)
        client = madoguchi.Client(daemon.path, **options)
        self.addCleanup(daemon.close)
        self.addCleanup(client.close)
        return client

    def test_result_and_parameters(self):
        requests = []

        def script(read, write):
            requests.append(read())
            write({"jsonrpc": "2.0", "id": requests[0]["id"], "result": {"readers": []}})

        self.assertEqual(self.client(script).call("readers.list", x="窓口"), {"readers": []})
        self.assertEqual(requests[0]["method"], "readers.list")
        self.assertEqual(requests[0]["params"], {"x": "窓口"})

    def test_error(self):
        def script(read, write):
            data = {"reason": "pin.wrong", "ja": "違います", "en": "wrong", "retryable": True,
                    "case": "c-1", "details": {"tries_left": 2}}
            write({"jsonrpc": "2.0", "id": read()["id"], "error": {"code": -32006, "message": "wrong", "data": data}})

        with self.assertRaises(madoguchi.Error) as caught:
            self.client(script).call("cases.verify_pin")
        error = caught.exception
        self.assertEqual((error.code, error.reason, error.ja, error.retryable, error.case, error.details),
                         (-32006, "pin.wrong", "違います", True, "c-1", {"tries_left": 2}))

    def test_events_beside_answers(self):
        def script(read, write):
            request = read()
            write(notify(1))
            write({"jsonrpc": "2.0", "id": 99, "result": "not mine"})
            write({"jsonrpc": "2.0", "id": request["id"], "result": "mine"})
            write(notify(2))
            read()

        client = self.client(script)
        self.assertEqual(client.call("events.subscribe"), "mine")
        self.assertEqual([event["seq"] for event in client.events(timeout=0.05)], [1, 2])

    def test_lost(self):
        client = self.client(lambda read, write: read())
        with self.assertRaises(madoguchi.Lost):
            client.call("cases.issue")

    def test_refused_at_the_door(self):
        def script(read, write):
            write({"jsonrpc": "2.0", "id": None,
                   "error": {"code": -32003, "message": "no role", "data": {"reason": "forbidden"}}})

        with self.assertRaises(madoguchi.Error) as caught:
            self.client(script).call("readers.list")
        self.assertEqual(caught.exception.reason, "forbidden")

    def test_timeout(self):
        client = self.client(lambda read, write: (read(), read()), timeout=0.02)
        with self.assertRaises(TimeoutError):
            client.call("cases.issue")


if __name__ == "__main__":
    unittest.main()
