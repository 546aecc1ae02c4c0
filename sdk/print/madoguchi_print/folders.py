"""Where templates come from: a city's own folder first, file by file, then those that came with the program."""

import base64
import mimetypes
from pathlib import Path, PurePosixPath

from .faults import TEMPLATE, Fault


class Folders:
    def __init__(self, *folders):
        self.folders = [Path(folder).resolve() for folder in folders]
        for folder in self.folders:
            if not folder.is_dir():
                raise Fault(TEMPLATE, ("no_folder", folder))

    def find(self, name):
        """The file of that name; a name that leads out of the folders, by a link too, finds nothing."""
        path = PurePosixPath(name)
        if not path.is_absolute() and ".." not in path.parts:
            for folder in self.folders:
                found = (folder / path).resolve()
                if found.is_file() and found.is_relative_to(folder):
                    return found
        raise Fault(TEMPLATE, ("no_template", name))

    def read(self, name):
        try:
            return self.find(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise Fault(TEMPLATE, ("bad_schema", name, error)) from None

    def embed(self, name):
        """A file, such as a city's emblem, as a URL that holds it, so that a sheet needs nothing but itself."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(self.find(name).read_bytes()).decode('ascii')}"
