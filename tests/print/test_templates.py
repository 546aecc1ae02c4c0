"""A city's own templates: they replace ours file by file, escape what people are called, and reach nothing outside."""

import pathlib
import shutil
import socket
import tempfile
import unittest

from sheets import RECEIPT, TEMPLATES, changed, complaints, rendered, words_of

EMBLEM = '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><circle cx="4" cy="4" r="4"/></svg>'


class Templates(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.outside = pathlib.Path(folder.name)
        self.own = self.outside / "city"
        self.own.mkdir()

    def put(self, name, text):
        (self.own / name).write_text(text, "utf-8")

    def extend_receipt(self, body):
        """The city's receipt: ours with something of its own at the end."""
        text = (TEMPLATES / "receipt.html").read_text("utf-8")
        self.put("receipt.html", text.replace("{% endblock %}\n", "{% endblock %}\n", 1).rpartition("{% endblock %}")[0]
                 + body + "{% endblock %}")

    def refused(self, *expected, sheet="receipt", status=3):
        self.assertEqual(complaints(sheet, None, templates=self.own), (list(expected), status))

    def test_names_are_text_whatever_they_look_like(self):
        name = "<script>alert(1)</script> & \"O'Neil\" {{ sheet.case }}"
        page = rendered("inquiry", changed("inquiry", "/holder/name", name), "html").decode()
        self.assertNotIn("<script", page)
        for part in ("&lt;script&gt;alert(1)&lt;/script&gt;", "&amp;", "&#34;O&#39;Neil&#34;", "{{", "sheet.case"):
            self.assertIn(part, page)

    def test_every_text_of_a_document_is_escaped(self):
        mean = "<b onload='x'>&"
        document = changed("receipt", "/certificates/0/issuer", mean)
        document |= {"staff": mean, "case": mean, "title": words_of(mean, mean), "caveat": words_of(mean, mean),
                     "contact": {"phone": mean, "url": mean}, "office_name": words_of(mean, mean)}
        self.assertNotIn("<b onload", rendered("receipt", document, "html").decode())

    def test_rare_kanji_stay_what_they_are(self):
        page = rendered("inquiry", changed("inquiry", "/holder/name", "𠮷田 髙﨑 葛\U000E0100"), "html").decode()
        for part in ("𠮷田", "髙﨑", "葛\U000E0100"):
            self.assertIn(part, page)

    def test_html_needs_nothing_but_itself(self):
        for sheet in ("receipt", "incident", "inquiry"):
            page = rendered(sheet, None, "html").decode()
            for reference in ("src=", "href=", "url(", "@import"):
                self.assertNotIn(reference, page, sheet)
            self.assertIn("@page", page)
            self.assertIn("default-src 'none'", page)

    def test_a_file_of_the_city_replaces_ours_and_the_others_stay(self):
        self.put("receipt.css", ".outcome { color: #bada55; }")
        page = rendered("receipt", None, "html", self.own).decode()
        self.assertIn("#bada55", page)
        self.assertNotIn(".certificate {", page)
        self.assertIn("電子証明書の写し", page)

    def test_a_file_of_the_city_may_build_on_ours(self):
        self.extend_receipt("<p>{{ sheet.case }}にお問い合わせください</p>")
        self.assertIn(RECEIPT["case"] + "にお問い合わせください", rendered("receipt", None, "html", self.own).decode())

    def test_a_city_may_ask_for_another_version(self):
        schema = (TEMPLATES / "inquiry.schema.json").read_text("utf-8")
        self.put("inquiry.schema.json", schema.replace('"const": "1"', '"const": "2026-04"'))
        document = changed("inquiry", "/template_version", "2026-04")
        self.assertIn("第2026-04版", rendered("inquiry", document, "html", self.own).decode())
        self.refused("/template_version: the template in use has another version, 2026-04", sheet="inquiry", status=2)

    def test_an_emblem_is_embedded(self):
        self.put("emblem.svg", EMBLEM)
        self.extend_receipt('<img src="{{ embed("emblem.svg") }}" alt="">')
        self.assertIn("data:image/svg+xml;base64,", rendered("receipt", None, "html", self.own).decode())
        self.assertTrue(rendered("receipt", None, "pdf", self.own).startswith(b"%PDF-"))

    def test_nothing_is_fetched_from_a_network(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(0.2)
            address = "http://127.0.0.1:%d/" % server.getsockname()[1]
            self.extend_receipt(f'<img src="{address}a.png"><link rel="stylesheet" href="{address}b.css">')
            said, status = complaints("receipt", None, templates=self.own)
            self.assertEqual((len(said), status), (2, 3))
            for name in ("a.png", "b.css"):
                self.assertTrue(any(f"refers to {address}{name}" in each for each in said), said)
            (self.own / "receipt.html").unlink()
            self.put("receipt.css", f"@import '{address}c.css'; body {{ background: url({address}d.png) }}")
            self.assertEqual(complaints("receipt", None, templates=self.own)[1], 3)
            self.put("receipt.schema.json", '{"properties": {"case": {"$ref": "%se.json"}}}' % address)
            self.refused(f"there is no template {address}e.json")
            with self.assertRaises(TimeoutError):
                server.accept()

    def test_nothing_is_read_outside_the_folders(self):
        (self.outside / "secret.txt").write_text("secret")
        (self.own / "link.txt").symlink_to(self.outside / "secret.txt")
        for name in ("../secret.txt", "link.txt", str(self.outside / "secret.txt"), "/etc/passwd"):
            with self.subTest(name):
                self.extend_receipt('{{ embed("%s") }}' % name)
                self.refused(f"there is no template {name}")
        for url in ("file:///etc/passwd", "emblem.png", "../x.png"):
            with self.subTest(url):
                self.extend_receipt(f'<img src="{url}">')
                said, status = complaints("receipt", None, templates=self.own)
                self.assertEqual((len(said), status), (1, 3))
                self.assertIn("which is outside it", said[0])

    def test_a_template_reaches_no_more_of_python_than_it_needs(self):
        self.extend_receipt("{{ embed.__globals__ }}")
        said, status = complaints("receipt", None, templates=self.own)
        self.assertEqual(status, 3)
        self.assertIn("unsafe", said[0])

    def test_a_fault_names_its_template_and_line(self):
        self.put("receipt.html", "{% extends 'layout.html' %}\n\n{% block title %}{{ sheet.no_such }}{% endblock %}"
                 "{% block style %}{% endblock %}{% block body %}{% endblock %}")
        self.refused("template receipt.html, line 3: 'dict object' has no attribute 'no_such'")
        self.put("receipt.html", "\n{% if %}")
        self.refused("template receipt.html, line 2: Expected an expression, got 'end of statement block'")
        self.put("receipt.html", "{% include 'gone.html' %}")
        self.refused("there is no template gone.html")

    def test_a_broken_schema_is_the_templates_fault(self):
        self.put("receipt.schema.json", "{")
        said, status = complaints("receipt", None, templates=self.own)
        self.assertEqual(status, 3)
        self.assertTrue(said[0].startswith("template receipt.schema.json: "), said)

    def test_the_folder_must_be_there(self):
        shutil.rmtree(self.own)
        self.refused(f"there is no template folder {self.own}")


if __name__ == "__main__":
    unittest.main()
