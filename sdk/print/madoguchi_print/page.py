"""From a document to the HTML of its sheet."""

import unicodedata

import jinja2
import jinja2.sandbox
import markupsafe

from .dates import FILTERS
from .faults import TEMPLATE, Fault


def ems(text):
    """How wide a text is in widths of a kanji: what a template chooses its size of type by."""
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in text)


def _environment(folders):
    def load(name):
        path = folders.find(name)
        return folders.read(name), str(path), None

    made = jinja2.sandbox.ImmutableSandboxedEnvironment(
        loader=jinja2.FunctionLoader(load),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(FILTERS, ems=ems)
    made.globals["embed"] = folders.embed
    # A style sheet that a template takes in is not markup: its quotation marks must stay what they are.
    made.globals["style"] = lambda name: markupsafe.Markup(folders.read(name))
    return made


def html_of(document, sheet, folders):
    name = sheet + ".html"
    try:
        return _environment(folders).get_template(name).render(sheet=document)
    except jinja2.TemplateSyntaxError as error:
        raise Fault(TEMPLATE, ("bad_template", error.name or name, error.lineno, error.message)) from None
    except jinja2.TemplateError as error:
        raise Fault(TEMPLATE, ("bad_template", name, _line(error), error)) from None
    except (TypeError, ValueError, ZeroDivisionError, AttributeError) as error:
        raise Fault(TEMPLATE, ("bad_template", name, _line(error), error)) from None


def _line(error):
    """The innermost line of a template: Jinja rewrites tracebacks to the templates' own lines."""
    line, frame = 0, error.__traceback__
    while frame is not None:
        if frame.tb_frame.f_code.co_filename.endswith(".html"):
            line = frame.tb_lineno
        frame = frame.tb_next
    return line
