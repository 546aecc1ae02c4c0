"""The finished sheet reaches its place whole or not at all."""

import os
import sys
import tempfile

from .faults import OUTPUT, Fault


def write(data, path):
    try:
        if path is None:
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
        else:
            _replace(path, data)
    except OSError as error:
        if path is None:  # or Python would try to write the rest once more as it ends, and complain in its own way
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Fault(OUTPUT, ("no_output", path or "stdout", error.strerror)) from None


def _replace(path, data):
    if os.path.exists(path) and not os.path.isfile(path):  # a printer, a pipe
        with open(path, "wb") as device:
            device.write(data)
        return
    # Readable by its owner only: sheets carry names, addresses and serial numbers.
    handle, fresh = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".sheet-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise
