"""Executes every notebook with the real jupyter nbconvert and converts it to
HTML and to LaTeX, as a user of Jupyter would.

    python internal/lab/notebooks.py OUT

Each notebook is executed once. Then every figure that it shows must be in
the page and in the LaTeX document, as a picture that can be decoded and is
not blank. The notebooks and what they save go to OUT, so that a reader can
look at the very files that were checked.

Needs jupyter nbconvert and the kernel beside this Python, and pandoc for
LaTeX.
"""

import base64
import html.parser
import json
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import time
import xml.etree.ElementTree
import zlib

import nbformat

ROOT = pathlib.Path(__file__).resolve().parents[2]
JUPYTER = pathlib.Path(sys.executable).with_name("jupyter")
CELL_SECONDS = 300

# How a cell's source shows a figure; what it shows in a loop may be more.
SHOWS = re.compile(r"nb\.Show\((?:fig\(|f\)|figure\.(?!Table|Count)[A-Z])")


def convert(to, notebooks, out, *options):
    """Runs jupyter nbconvert on all notebooks at once."""
    began = time.time()
    done = subprocess.run(
        [JUPYTER, "nbconvert", "--to", to, "--output-dir", out, *options, *notebooks],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    (out.parent / f"{out.name}.log").write_text(done.stdout, encoding="utf-8")
    if done.returncode:
        raise SystemExit(f"nbconvert --to {to} ended with {done.returncode}:\n{done.stdout[-3000:]}")
    print(f"nbconvert --to {to} {' '.join(options)}: {len(notebooks)} notebooks, {time.time() - began:.0f} s", flush=True)


def figures(path):
    """The figures of an executed notebook as (svg, png) after checking that
    every cell ran, none failed, and none that shows a figure is without."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    found = []
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        where = f"{path.name}, cell {number}"
        if cell.execution_count is None:
            raise SystemExit(f"{where} did not run")
        here = []
        for output in cell.outputs:
            if output.output_type == "error" or output.get("name") == "stderr":
                raise SystemExit(f"{where} failed: {json.dumps(output)[:2000]}")
            data = output.get("data", {})
            if ("image/svg+xml" in data) != ("image/png" in data):
                raise SystemExit(f"{where}: a figure in one form, want SVG and PNG")
            if "image/png" in data:
                here.append((data["image/svg+xml"], base64.b64decode(data["image/png"])))
        if len(here) < len(SHOWS.findall(cell.source)):
            raise SystemExit(f"{where} shows {len(here)} figures, its source more")
        found += here
    return found


def check_svg(text, where):
    """A drawing with a size, shapes and words."""
    try:
        root = xml.etree.ElementTree.fromstring(text)
    except xml.etree.ElementTree.ParseError as e:
        raise SystemExit(f"{where}: the SVG is not XML: {e}")
    tags = [element.tag.rpartition("}")[2] for element in root.iter()]
    if tags[0] != "svg" or "path" not in tags or "text" not in tags or not root.get("viewBox", root.get("width")):
        raise SystemExit(f"{where}: the SVG draws nothing: {sorted(set(tags))}")


def check_png(data, where):
    """A whole PNG, every checksum right, that is not of one colour."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise SystemExit(f"{where}: not a PNG: {data[:16]!r}")
    chunks, at = [], 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        body = data[at + 8:at + 8 + length]
        if data[at + 8 + length:at + 12 + length] != struct.pack(">I", zlib.crc32(kind + body)):
            raise SystemExit(f"{where}: the PNG's chunk {kind!r} is damaged")
        chunks.append((kind, body))
        at += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", chunks[0][1][:10])
    pixels = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    bits = depth * {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    if chunks[-1][0] != b"IEND" or len(pixels) != height * (1 + (width * bits + 7) // 8):
        raise SystemExit(f"{where}: the PNG is not whole")
    if min(width, height) < 100 or len(set(pixels)) < 10:
        raise SystemExit(f"{where}: the PNG of {width} x {height} is blank")


class Pictures(html.parser.HTMLParser):
    """The pictures that a page embeds, as (type, bytes)."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        match = re.match(r"data:(image/[\w+]+);base64,(.*)", dict(attributes).get("src") or "", re.S)
        if tag == "img" and match:
            self.found.append((match[1], base64.b64decode(match[2])))


def check_page(path, want):
    """The page holds every figure: the SVG, or the PNG beside it."""
    pictures = Pictures(path.read_text(encoding="utf-8")).found
    for number, (svg, png) in enumerate(want, 1):
        if ("image/svg+xml", svg.encode()) not in pictures and ("image/png", png) not in pictures:
            raise SystemExit(f"{path.name}: figure {number} of {len(want)} is missing; there are {[kind for kind, _ in pictures]}")


def check_latex(path, want):
    """The document includes every figure, and the files are there."""
    text = path.read_text(encoding="utf-8")
    included = re.findall(r"\\(?:adjustimage|includegraphics)\s*(?:\{[^\n]*\}|\[[^\]]*\])?\{([^{}]+\.(?:png|pdf))\}", text)
    files = [(path.parent / name).read_bytes() for name in included]
    for number, (_, png) in enumerate(want, 1):
        if png not in files:
            raise SystemExit(f"{path.name}: figure {number} of {len(want)} is missing; it includes {included}")


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    shutil.rmtree(out, ignore_errors=True)
    work = out / "notebooks"
    work.mkdir(parents=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        shutil.copy(path, work)
    sources = sorted(work.glob("*.ipynb"))
    if not sources:
        raise SystemExit("no notebooks")
    convert("notebook", sources, out / "executed", "--execute", f"--ExecutePreprocessor.timeout={CELL_SECONDS}")
    executed = [out / "executed" / path.name for path in sources]
    convert("html", executed, out / "html")
    # Without the option nbconvert wants Inkscape for every SVG, even where a
    # PNG is beside it.
    latex = shutil.which("pandoc") is not None
    if latex:
        convert("latex", executed, out / "latex", "--SVG2PDFPreprocessor.enabled=False")
    total = 0
    for path in executed:
        want = figures(path)
        for number, (svg, png) in enumerate(want, 1):
            check_svg(svg, f"{path.name}, figure {number}")
            check_png(png, f"{path.name}, figure {number}")
        check_page(out / "html" / f"{path.stem}.html", want)
        if latex:
            check_latex(out / "latex" / f"{path.stem}.tex", want)
        total += len(want)
    if total == 0:
        raise SystemExit("no notebook shows a figure")
    print(f"{len(executed)} notebooks executed; {total} figures, all of them in HTML{' and in LaTeX' if latex else ''}: {out}")


if __name__ == "__main__":
    main()
