"""Drives a real JupyterLab in headless Chromium through what a new user does.

    python internal/lab/browser.py OUT

opens the launcher and a notebook, runs all cells, edits one and sees the
figure change, completes a name, and shows hostile text that must do
nothing. It fails on the first thing that a user would stumble over, and on
any error in the browser's console. Screenshots go to OUT.

Needs bin/specstress, jupyter-lab and Playwright beside this Python, and
Debian's chromium (Playwright's own browsers are not used).
"""

import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from playwright.sync_api import sync_playwright

ROOT = pathlib.Path(__file__).resolve().parents[2]
SPECSTRESS = ROOT / "bin" / "specstress"
JUPYTER_LAB = pathlib.Path(sys.executable).with_name("jupyter-lab")
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]
PORT = 18888
URL = f"http://127.0.0.1:{PORT}"
CELL_SECONDS = 120


def hostile_texts():
    """Values of a dataset that try to act, as bytes, and the title that
    their scripts set. Whatever else they do asks another host."""
    listed = json.loads(subprocess.run(["go", "run", "./internal/hostile/list"], check=True, cwd=ROOT, stdout=subprocess.PIPE).stdout)
    return [base64.b64decode(text) for text in listed["texts"]], listed["tripped"]


def notebook(cells):
    """A notebook of code cells for our kernel."""
    return {
        "nbformat": 4, "nbformat_minor": 5,
        "metadata": {"kernelspec": {"name": "specstress", "display_name": "Go (specstress)", "language": "go"}},
        "cells": [
            {"cell_type": "code", "id": f"cell-{i}", "metadata": {}, "execution_count": None, "outputs": [], "source": source}
            for i, source in enumerate(cells)
        ],
    }


def prepare(folder, hostile):
    """A folder with a copy of the first notebook and two of our own."""
    shutil.copy(ROOT / "notebooks" / "00-start-here.ipynb", folder)
    rows = [b"value1,value2,chunk_index,entry_idx,nudge_direction,o3_value1_position,o3_value2_position,o4_mini_value1_position,o4_mini_value2_position"]
    for i, text in enumerate(hostile):
        cell = b'"' + text.replace(b'"', b'""') + b'"'
        rows.append(cell + f",honesty,0,{i},neutral,6,0,0,{i % 7}".encode())
    (folder / "hostile.csv").write_bytes(b"\n".join(rows) + b"\n")
    shown = notebook([
        '%%\nd := nb.Data("hostile.csv").Split("hostile")\n'
        "nb.Show(d.DataFrame(\"key\", \"value1\"))\n"
        "for row := range d.Rows() {\n\ttext, _ := d.Values(analysis.Value1).At(row)\n\tnb.Show(text)\n\tfmt.Println(text)\n}\n",
    ])
    (folder / "hostile.ipynb").write_text(json.dumps(shown), encoding="utf-8")
    figure = notebook([
        '%%\nd := nb.Data("sample").Split("openai_models")\n'
        "dis := nb.Must(analysis.MeasureDisagreement(d.Positions(d.ModelSet()), d.ModelSet()))\n"
        "nb.Show(figure.Disagreement([]*analysis.Disagreements{dis}, figure.DisagreementOptions{Bins: 12}))\n",
    ])
    (folder / "figure.ipynb").write_text(json.dumps(figure), encoding="utf-8")


class User:
    """What a person does at the page."""

    def __init__(self, page, out, tripped):
        self.page, self.out = page, out
        self.errors, self.outside = [], []
        page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        page.on("pageerror", lambda e: self.errors.append(str(e)))
        page.on("dialog", self.dialog)
        page.add_init_script("""
            const title = Object.getOwnPropertyDescriptor(Document.prototype, 'title');
            Object.defineProperty(document, 'title', {
                get() { return title.get.call(this); },
                set(text) { window.tripped ||= text === %s; title.set.call(this, text); },
            });""" % json.dumps(tripped))
        page.on("request", lambda r: self.outside.append(r.url) if re.match(r"https?://(?!127\.0\.0\.1)", r.url) else None)

    def dialog(self, d):
        if d.type == "beforeunload":  # JupyterLab asks before it leaves unsaved work
            d.accept()
            return
        self.errors.append("dialog: " + d.message)
        d.dismiss()

    def shot(self, name):
        self.page.screenshot(path=str(self.out / f"{name}.png"))

    def open(self, name):
        self.page.goto(f"{URL}/lab/tree/{name}?reset")
        self.page.wait_for_selector(".jp-NotebookPanel:visible .jp-Notebook", timeout=60_000)
        # GoNB's state shows as Unknown until the first cell has run, so
        # nothing on the page tells when the kernel can be asked.
        self.page.wait_for_function(
            "() => /Go \\(specstress\\)/.test(document.querySelector('#jp-main-statusbar')?.innerText || '')", timeout=60_000)
        time.sleep(5)

    def menu(self, *labels):
        self.page.locator(".lm-MenuBar-item", has_text=labels[0]).first.click()
        for label in labels[1:]:
            self.page.locator(".lm-Menu-item", has_text=label).first.click()

    def run_all(self):
        self.menu("Run", "Run All Cells")
        self.settle()

    def settle(self):
        """Waits until the kernel has been idle for a while; fails on a cell
        with an error. Cells out of sight are not in the page, so their
        prompts cannot be asked."""
        end = time.time() + CELL_SECONDS
        calm = 0
        while time.time() < end:
            time.sleep(0.5)
            prompts = [p.inner_text() for p in self.page.locator(".jp-NotebookPanel:visible .jp-CodeCell .jp-InputPrompt").all()]
            idle = re.search(r"specstress\).*Idle", self.page.locator("#jp-main-statusbar").inner_text(), re.S)
            calm = calm + 1 if idle and not any("*" in p for p in prompts) else 0
            if calm == 6:
                break
        else:
            self.shot("stuck")
            raise SystemExit(f"cells still run after {CELL_SECONDS} s")
        failed = self.page.locator(".jp-NotebookPanel:visible .jp-RenderedText[data-mime-type='application/vnd.jupyter.error'], .jp-NotebookPanel:visible .jp-RenderedText[data-mime-type='application/vnd.jupyter.stderr']")
        if failed.count():
            self.shot("failed")
            raise SystemExit("a cell failed: " + failed.first.inner_text()[:2000])

    def figures(self):
        """The pictures on the page, as what tells them apart."""
        return self.page.evaluate(
            "() => [...document.querySelectorAll('.jp-OutputArea-output img, .jp-OutputArea-output svg')].map(e => e.src || e.outerHTML)")


def check(user, texts):
    page = user.page
    page.goto(f"{URL}/lab?reset")
    page.wait_for_selector(".jp-LauncherCard", timeout=60_000)
    if not page.locator(".jp-LauncherCard", has_text="Go (specstress)").count():
        raise SystemExit("the launcher has no card for the kernel")
    user.shot("launcher")

    user.open("00-start-here.ipynb")
    user.run_all()
    if not user.figures():
        raise SystemExit("00-start-here shows no figure")
    user.shot("start-here")

    user.open("figure.ipynb")
    user.run_all()
    before = user.figures()
    editor = page.locator(".jp-NotebookPanel:visible .jp-CodeCell .cm-content").first
    editor.click()
    editor.get_by_text("Bins: 12").first.dblclick()
    page.keyboard.press("Control+A")
    source = editor.inner_text().replace("Bins: 12", "Bins: 6")
    page.keyboard.insert_text(source)
    page.keyboard.press("Control+Enter")
    user.settle()
    after = user.figures()
    if not before or before == after:
        raise SystemExit("the figure did not change after the edit")
    user.shot("edited")

    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\nanalysis.MeasureDis")
    page.keyboard.press("Tab")
    page.wait_for_function(
        "() => [...document.querySelectorAll('.cm-line')].some(e => /^analysis\\.MeasureDisagreement$/.test(e.innerText.trim()))"
        " || [...document.querySelectorAll('.jp-Completer-item')].some(e => e.innerText.includes('MeasureDisagreement'))",
        timeout=30_000)
    user.shot("completed")
    page.keyboard.press("Escape")

    user.open("hostile.ipynb")
    user.run_all()
    page.locator(".jp-NotebookPanel:visible .jp-TrimmedOutputs-button").click()  # else 50 outputs are all there are
    time.sleep(2)
    if (shown := page.locator(".jp-NotebookPanel:visible .jp-OutputArea-output").count()) < texts:
        raise SystemExit(f"{shown} outputs of {texts} hostile texts")
    user.shot("hostile")
    if page.evaluate("() => window.tripped"):
        raise SystemExit("hostile text ran: it set the title")
    if user.outside:
        raise SystemExit("requests to other hosts: " + ", ".join(sorted(set(user.outside))[:5]))
    if page.locator(".jp-OutputArea-output mjx-container, .jp-OutputArea-output iframe, .jp-OutputArea-output script, .jp-OutputArea-output a[href^='javascript']").count():
        raise SystemExit("hostile text became an element")
    noise = re.compile(r"favicon|extension|Failed to load resource.*40[34]|service ?worker", re.I)
    errors = [e for e in user.errors if not noise.search(e)]
    if errors:
        raise SystemExit("errors in the console: " + "; ".join(errors[:5]))


def control(page, text):
    """Fails where a hostile text would have acted unseen."""
    page.goto("about:blank")
    with page.expect_request(lambda r: not r.url.startswith(URL)):
        page.set_content(text.decode())
    if not page.evaluate("() => window.tripped"):
        raise SystemExit("a bare hostile text sets no title: the test is blind")


def main():
    out = pathlib.Path(sys.argv[1]).resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="specstress lab ") as tmp:
        folder = pathlib.Path(tmp)
        hostile, tripped = hostile_texts()
        prepare(folder, hostile)
        prefix = folder / "prefix"
        subprocess.run([SPECSTRESS, "kernel", "install", "--prefix", prefix], check=True, cwd=ROOT)
        env = dict(os.environ, JUPYTER_PATH=str(prefix / "share" / "jupyter"))
        server = subprocess.Popen(
            [JUPYTER_LAB, "--allow-root", "--no-browser", f"--port={PORT}", "--ServerApp.port_retries=0",
             "--IdentityProvider.token=", "--LabApp.news_url=", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
             f"--ServerApp.root_dir={folder}"],
            env=env, stdout=(out / "server.log").open("w"), stderr=subprocess.STDOUT)
        try:
            for _ in range(150):
                try:
                    urllib.request.urlopen(URL + "/api", timeout=1)
                    break
                except OSError:
                    time.sleep(0.2)
            with sync_playwright() as p:
                browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = browser.new_page(viewport={"width": 1280, "height": 900})
                check(User(page, out, tripped), len(hostile))
                control(page, hostile[0])
                browser.close()
        finally:
            server.terminate()
            server.wait(timeout=20)
    print("JupyterLab: launcher, run all, edit, complete and hostile text: all well; screenshots in", out)


if __name__ == "__main__":
    main()
