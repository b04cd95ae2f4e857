"""Reads a PDF as its reader does: its words in order, its tags."""

import io
import re

import pikepdf

# All that says which characters are drawn, and which are of the layout.
READ = "Tf BMC BDC EMC Tj TJ"
HEX = re.compile(r"<([0-9A-Fa-f\s]*)>")


def characters_of(font):
    """{code: text} of a font, from its ToUnicode table."""
    found = {}
    table = font.ToUnicode.read_bytes().decode("latin-1")
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.S):
        codes = HEX.findall(block)
        found |= {int(code, 16): text_of(text) for code, text in zip(codes[::2], codes[1::2], strict=True)}
    for block in re.findall(r"beginbfrange(.*?)endbfrange", table, re.S):
        for first, last, text in re.findall(r"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for at, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                found[code] = chr(ord(text_of(text)[-1]) + at)
    return found


def text_of(hexadecimal):
    return bytes.fromhex(hexadecimal.replace(" ", "")).decode("utf-16-be")


def words_of(content):
    """Text of a PDF in the order of its pages, running titles and feet left out."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return "".join(text for page in pdf.pages for text in page_text(page))


def page_text(page):
    fonts = {name: characters_of(font) for name, font in page.resources.get("/Font", {}).items()}
    current, artifacts, stack = {}, 0, []
    for operands, operator in pikepdf.parse_content_stream(page, READ):
        match str(operator):
            case "Tf":
                current = fonts[str(operands[0])]
            case "BMC" | "BDC":
                stack.append(str(operands[0]) == "/Artifact")
                artifacts += stack[-1]
            case "EMC":
                artifacts -= stack.pop()
            case "Tj" | "TJ" if not artifacts:
                pieces = operands[0] if isinstance(operands[0], pikepdf.Array) else [operands[0]]
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        code = bytes(piece)
                        yield "".join(current.get(int.from_bytes(code[at : at + 2]), "") for at in range(0, len(code), 2))


def tags_of(content):
    """[(tag, tag of what contains it, alternative text)] of the structure tree, in order."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        waiting, found = [(pdf.Root.StructTreeRoot, "")], []
        while waiting:
            element, parent = waiting.pop(0)
            tag = str(element.get("/S", "")).strip("/")
            if tag:
                found.append((tag, parent, str(element.get("/Alt", ""))))
            kids = element.get("/K")
            kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
            waiting = [(kid, tag) for kid in kids if isinstance(kid, pikepdf.Dictionary)] + waiting
    return found


def fonts_of(content):
    """Descriptors of every font of the PDF."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = [obj for obj in pdf.objects if isinstance(obj, pikepdf.Dictionary) and obj.get("/Type") == "/FontDescriptor"]
        return [(str(one.FontName), any(key in one for key in ("/FontFile", "/FontFile2", "/FontFile3"))) for one in fonts]
