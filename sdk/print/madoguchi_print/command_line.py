"""The command: madoguchi-print receipt|incident|inquiry < JSON."""

import argparse
import os
import signal
import sys

from . import document, folders, glyphs, output, page, pdf, schema, words
from .faults import INPUT, INTERRUPTED, RENDERING, Fault

# The member that says as of when a sheet is: nothing in it depends on when it is rendered.
SHEETS = {"receipt": "printed_at", "incident": "printed_at", "inquiry": "issued_on"}
HELP = {
    "about": (
        "標準入力のJSONから帳票(HTMLまたはPDF)を作成します",
        "Makes a printable sheet (HTML or PDF) of the JSON on standard input.",
    ),
    "sheet": (
        "receipt: 電子証明書の写し / incident: 確認票 / inquiry: 照会書兼回答書",
        "receipt: certificate copy / incident: incident slip / inquiry: letter and reply form",
    ),
    "format": ("出力形式(既定: pdf)", "what to make (pdf unless told)"),
    "templates": (
        "自治体独自のテンプレートのフォルダー(同名のファイルを置き換える)",
        "a city's own templates; each file there replaces the one of that name",
    ),
    "output": ("書き込み先(省略時は標準出力)", "where to write it; otherwise standard output"),
    "lang": ("メッセージの言語", "the language of messages"),
}


class _Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Fault(INPUT, ("usage", message))


def _parser(language):
    def text(key):
        return HELP[key][0 if language == "ja" else 1]

    made = _Parser(prog="madoguchi-print", description=text("about"), allow_abbrev=False)
    made.add_argument("sheet", choices=SHEETS, help=text("sheet"))
    made.add_argument("--format", choices=("html", "pdf"), default="pdf", help=text("format"))
    made.add_argument("--templates", metavar="DIR", help=text("templates"))
    made.add_argument("--output", metavar="FILE", help=text("output"))
    made.add_argument("--lang", choices=("ja", "en"), help=text("lang"))
    return made


def _asked_language(arguments):
    """Known before the arguments are understood, so that a complaint about them is in it."""
    for word, following in zip(arguments, [*arguments[1:], ""]):
        value = following if word == "--lang" else word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if value in ("ja", "en"):
            return value
    return None


def render(data, options, shipped):
    places = folders.Folders(*([options.templates] if options.templates else []), shipped)
    content = document.parse(data)
    schema.check(content, options.sheet, places)
    document.refuse_control_characters(content)
    glyphs.check(content)
    html = page.html_of(content, options.sheet, places)
    pages = pdf.laid_out(html, content[SHEETS[options.sheet]])
    return html.encode() if options.format == "html" else pdf.pdf_of(pages, html)


def main(arguments, shipped):
    language = words.choose_language(_asked_language(arguments), os.environ)
    try:
        options = _parser(language).parse_args(arguments)
        data = sys.stdin.buffer.read(document.LIMIT + 1)
        # From here on the way out cleans up. Not before: Python would not look at the signal while it waits for input.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        output.write(render(data, options, shipped), options.output)
        return 0
    except Fault as fault:
        complaints, status = fault.complaints, fault.status
    except KeyboardInterrupt:
        complaints, status = [("interrupted",)], INTERRUPTED
    except Exception as error:  # a library's own failure: its kind helps support, its text may quote a person's data
        complaints, status = [("rendering", type(error).__name__)], RENDERING
    for complaint in complaints:
        print("madoguchi-print:", words.say(language, *complaint), file=sys.stderr)
    return status
