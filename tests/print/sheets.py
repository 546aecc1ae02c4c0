"""Documents of every sheet, and what reads a PDF back."""

import copy
import functools
import html
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "config" / "templates"
sys.path.insert(0, str(ROOT / "sdk" / "print"))

from madoguchi_print import command_line, faults, output, words  # noqa: E402, F401 (output is for the tests)


def words_of(ja, en):
    return {"ja": ja, "en": en}


def _certificate(name, ja, serial):
    return {
        "certificate": name,
        "title": words_of(ja, name + " certificate"),
        "done": True,
        "serial": serial,
        "issuer": "OU=Japan Agency for Local Authority Information Systems,OU=JPKI for user authentication,O=JPKI,C=JP",
        "issued_on": "2026-02-12",
        "expires_on": "2032-04-10",
        "open_questions": [],
        "replaces": {"serial": "2B90117F" + serial[-2:], "expires_on": "2026-04-10"},
    }


HEAD = {
    "case": "261123-7K3F92QD",
    "title": words_of("電子証明書の更新が完了しました", "The certificates have been renewed"),
    "printed_at": "2026-02-12T10:10:00+09:00",
    "staff": "clerk-7",
    "office": "citizens-division",
    "card": "400000012719843",
    "certificates": [
        _certificate("authentication", "利用者証明用電子証明書", "5A3F00C17B2E9D44A1B20C"),
        _certificate("signature", "署名用電子証明書", "5A3F00C17B2E9D44A1B20D"),
    ],
}
RECEIPT = {
    "kind": "completed",
    **HEAD,
    "municipality": words_of("宇都宮市", "Utsunomiya City"),
    "office_name": words_of("市役所1階 市民課", "Citizens' Division, City Hall 1F"),
    "contact": {"phone": "028-632-2265", "fax": "028-651-5163"},
    "fee_yen": 0,
    "services": [
        {"service": "convenience_store", "name": words_of("コンビニ交付", "Certificates at convenience stores"),
         "estimate": True, "available_from": "2026-02-12T13:10:00+09:00"},
        {"service": "mynapoint", "name": words_of("マイナポイントの申込", "Applying for Mynapoint"), "estimate": True},
        {"service": "health_insurance", "name": words_of("健康保険証利用", "Use as a health insurance card"),
         "estimate": True, "by": "2026-02-13", "immediate_if_applied_from": "2026-02-12T11:10:00+09:00"},
        {"service": "e_tax", "name": words_of("e-Tax(税の電子申告)", "e-Tax"), "estimate": True,
         "available_from": "2026-02-13"},
    ],
    "caveat": words_of("更に時間がかかる場合もあります。", "It may take longer."),
}
INCIDENT = {
    "kind": "incident",
    **HEAD,
    "title": words_of("確認が必要な受付です", "This case needs a person"),
    "reason": {"code": "card.refused", **words_of("カードが処理を受け付けませんでした。", "The card refused.")},
    "look_at": words_of("カードの証明書を読み取ってください。", "Read the certificate on the card."),
    "timeline": [
        {"at": "2026-02-12T10:00:01.123+09:00", "kind": "case.opened", "details": {"staff": "clerk-7"},
         **words_of("受付を開始しました", "The case was opened")},
        {"at": "2026-02-12T10:03:20+09:00", "kind": "case.attention",
         **words_of("確認が必要になりました", "The case needs attention")},
    ],
}
INQUIRY = {
    "kind": "inquiry",
    "template_version": "1",
    "case": "260212-7K3F92QD",
    "letter_number": "市民第1203号",
    "applied_on": "2026-02-12",
    "issued_on": "2026-02-13",
    "return_by": "2026-03-13",
    "city": {"name": "宇都宮市"},
    "office": {"name": "市役所1階 市民課", "postal_code": "320-8540", "address": "宇都宮市旭1丁目1番5号"},
    "contact": {"phone": "028-632-2265", "fax": "028-651-5163"},
    "holder": {"name": "髙橋 花子", "postal_code": "320-0026", "address": "栃木県宇都宮市馬場通り4丁目1番1号 市民荘203号室"},
    "certificates": [
        {"certificate": "signature", "action": "renew"},
        {"certificate": "authentication", "action": "renew"},
    ],
}
DOCUMENTS = {"receipt": RECEIPT, "incident": INCIDENT, "inquiry": INQUIRY}


def changed(sheet, place="", value=None, drop=False):
    """The sheet's document with the member at a JSON pointer set or dropped."""
    document = copy.deepcopy(DOCUMENTS[sheet])
    *inner, last = place.split("/")[1:]
    target = document
    for part in inner:
        target = target[int(part)] if isinstance(target, list) else target[part]
    if drop:
        del target[last]
    else:
        target[int(last) if isinstance(target, list) else last] = value
    return document


def rendered(sheet, document=None, form="pdf", templates=None):
    data = document if isinstance(document, bytes) else json.dumps(document or DOCUMENTS[sheet]).encode()
    options = [sheet, "--format", form] + (["--templates", str(templates)] if templates else [])
    return _ours(data, *options) if templates is None else _made(data, *options)


def _made(data, *options):
    return command_line.render(data, command_line._parser("en").parse_args(options), TEMPLATES)


_ours = functools.lru_cache(_made)


def complaints(sheet, document, language="en", **options):
    """What the program says about it, and the exit status."""
    try:
        rendered(sheet, document, form="html", **options)
    except faults.Fault as fault:
        return [words.say(language, *each) for each in fault.complaints], fault.status
    return [], 0


class Pdf:
    """A finished PDF, read back with poppler's tools."""

    def __init__(self, data):
        self._folder = tempfile.TemporaryDirectory()
        self.path = pathlib.Path(self._folder.name, "sheet.pdf")
        self.path.write_bytes(data)

    def close(self):
        self._folder.cleanup()

    def _tool(self, *command):
        return subprocess.run(command, check=True, capture_output=True).stdout

    def info(self):
        lines = self._tool("pdfinfo", "-isodates", self.path).decode().splitlines()
        return {key: value.strip() for key, _, value in (line.partition(":") for line in lines)}

    def fonts(self):
        """Name and `emb` of each font."""
        rows = self._tool("pdffonts", self.path).decode().splitlines()[2:]
        return {row.split()[0].partition("+")[2]: re.search(r"(yes|no) +(yes|no) +(yes|no) +\d+ +\d+$", row)[1] for row in rows}

    def text(self, page=None):
        """Without spaces and line breaks, which are the layout's."""
        limits = ["-f", str(page), "-l", str(page)] if page else []
        return re.sub(r"\s", "", self._tool("pdftotext", "-raw", *limits, self.path, "-").decode())

    def boxes(self):
        """Per page the words with their places in mm: (text, left, top, right, bottom)."""
        whole = self._tool("pdftotext", "-bbox", self.path, "-").decode()
        pages = re.findall(r"<page .*?</page>", whole, re.DOTALL)
        word = r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>'
        return [
            [(html.unescape(text), *(float(side) * 25.4 / 72 for side in sides)) for *sides, text in re.findall(word, page)]
            for page in pages
        ]

    def ink(self, page, left, top, right, bottom):
        """Is anything drawn in that part of a page (mm)? Lines and boxes count too, which have no words."""
        scale = 100 / 25.4
        picture = self._tool(
            "pdftoppm", "-gray", "-r", "100", "-f", str(page), "-l", str(page), "-x", str(int(left * scale)),
            "-y", str(int(top * scale)), "-W", str(int((right - left) * scale)), "-H", str(int((bottom - top) * scale)), self.path)
        return any(grey < 250 for grey in picture.split(b"\n", 3)[3])
