#!/usr/bin/env python3
"""Every flow of the page through a second client, which knows of the daemon only what rpc.discover tells."""

import unittest

from second_client import Api
from second_client.alone import Alone
from second_client.flow import Counter, Flow
from second_client.hall import Hall
from second_client.heard import Heard
from second_client.interrupted import Interrupted
from second_client.proxy import ByProxy
from second_client.represented import Represented
from second_client.terminal import ByTerminal

FLOWS = (Alone, Represented, ByProxy, ByTerminal, Interrupted, Hall, Heard)


class Everything(unittest.TestCase):
    """After all the flows."""

    def test_every_method_has_answered(self):
        with Api(Flow.world.socket) as api:
            self.assertEqual(api.methods.keys() - Flow.record.answered, set(), "methods that no flow drives")

    def test_every_answer_was_described(self):
        """To its last member: what else is in an answer nobody could know what to do with."""
        self.assertEqual(sorted(Flow.record.undescribed), [])


def load_tests(loader, _tests, _pattern):
    return unittest.TestSuite(loader.loadTestsFromTestCase(each) for each in (*FLOWS, Everything))


if __name__ == "__main__":
    with Counter(layout="single") as Flow.world:
        unittest.main()
