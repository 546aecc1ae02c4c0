"""What can go wrong, and how the program then ends. Scripts rely on the exit statuses; README.md lists them."""

RENDERING = 1
INPUT = 2
TEMPLATE = 3
OUTPUT = 4
INTERRUPTED = 130


class Fault(Exception):
    """Complaints for people, each a key of `words` with what fills it in."""

    def __init__(self, status, *complaints):
        super().__init__(str(complaints))
        self.status = status
        self.complaints = complaints
