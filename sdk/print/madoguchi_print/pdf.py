"""From the HTML of a sheet to its PDF. Nothing is fetched, and the same document gives the same bytes."""

import hashlib
import logging
import os

from .dates import epoch
from .faults import TEMPLATE, Fault


def laid_out(html, printed):
    """The pages. For HTML too they are made once, so that a template that reaches outside is found in either form."""
    # fontTools stamps the fonts that it cuts down with the present time unless told another.
    os.environ["SOURCE_DATE_EPOCH"] = str(epoch(printed))
    import weasyprint  # takes half a second, which a refused document need not wait for

    logging.getLogger("weasyprint").addHandler(logging.NullHandler())
    refused = []

    def fetch(url, *_arguments, **_options):
        if url.startswith("data:"):
            return weasyprint.default_url_fetcher(url)
        refused.append(url)
        raise ValueError("not in the template folders")

    # Relative addresses become absolute ones that lead nowhere, so that they are refused like any other.
    pages = weasyprint.HTML(string=html, base_url="outside:///", url_fetcher=fetch).render()
    if refused:
        raise Fault(TEMPLATE, *(("outside", url.removeprefix("outside:///")) for url in dict.fromkeys(refused)))
    return pages


def pdf_of(pages, html):
    return pages.write_pdf(identifier=hashlib.sha256(html.encode()).hexdigest()[:32].encode())
