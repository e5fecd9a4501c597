"""Drives kernels the way Jupyter's own manager does.

    python internal/lab/kernels.py

starts one, runs cells, completes a name, interrupts, restarts, runs two at
once, and kills one in the middle of a cell: what it leaves must be gone when
the next has started, and another kernel must not notice.

Needs jupyter_client and the kernel beside this Python, and Linux's /proc.
"""

import concurrent.futures
import os
import pathlib
import signal
import tempfile
import time

from jupyter_client.manager import KernelManager

START_SECONDS = 300  # the kernel may have to be compiled
CELL_SECONDS = 120
GOPLS_STAYS = 60  # see internal/shim/cellgo/gopls.go


def expect(what, got, want):
    if got != want:
        raise SystemExit(f"{what}: got {got!r}, want {want!r}")


class Kernel:
    """A kernel with its client, in a folder with a space in its name."""

    def __init__(self, folder):
        self.folder = folder
        self.manager = KernelManager(kernel_name="specstress")
        self.manager.start_kernel(cwd=str(folder), env=dict(os.environ, TMPDIR=str(folder)))
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=START_SECONDS)

    @property
    def pid(self):
        return self.manager.provisioner.pid

    def run(self, code, hear=lambda text: None):
        """A cell's outputs as one text. hear is told what it writes."""
        texts = []

        def output(message):
            content = message["content"]
            if message["msg_type"] == "stream":
                texts.append(content["text"])
                hear(content["text"])
            elif message["msg_type"] == "display_data":
                texts.append(content["data"]["text/plain"])
            elif message["msg_type"] == "error":
                texts.append("error: " + content["evalue"])

        self.client.execute_interactive(code, timeout=CELL_SECONDS, output_hook=output, allow_stdin=False)
        return "".join(texts)

    def complete(self, code):
        return self.client.complete(code, reply=True, timeout=30)["content"]["matches"]

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=not self.manager.is_alive())

    def dir(self, pid=None):
        """Where the kernel keeps its programs."""
        return self.folder / f"specstress-{os.getuid()}" / str(pid or self.pid)


def processes(folder):
    """Every process whose folder for temporary files is this one: kernel,
    cells and language server."""
    want = b"TMPDIR=" + os.fsencode(folder)
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/environ"):
        try:
            if want in path.read_bytes().split(b"\0"):
                found[int(path.parent.name)] = (path.parent / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended, or is not ours
            continue
    return found


def wait(what, seconds, condition):
    end = time.time() + seconds
    while not condition():
        if time.time() > end:
            raise SystemExit(f"{what}: not within {seconds} s")
        time.sleep(0.1)


def answers(k):
    expect("a cell", k.run("func answer() int { return 42 }\n%%\nfmt.Println(answer())"), "42\n")
    expect("the next cell", k.run("%%\nanswer() + 1"), "43")
    wait("completion", 60, lambda: any("MeasureDisagreement" in m for m in k.complete("%%\nanalysis.MeasureDis")))


def interrupt(k):
    began = []

    def hear(_):
        began.append(time.time())
        k.manager.interrupt_kernel()

    got = k.run('%%\nfmt.Println("looping")\nfor {\n}', hear)
    if not got.startswith("looping\n") or not began or time.time() - began[0] > 5:
        raise SystemExit(f"interrupt: {got!r}")
    expect("after an interrupt", k.run("%%\nfmt.Println(answer())"), "42\n")


def restart(k):
    before = k.pid
    k.manager.restart_kernel()
    k.client.wait_for_ready(timeout=START_SECONDS)
    if k.pid == before or k.dir(before).exists():
        raise SystemExit(f"restart: {k.dir(before)} of the kernel before is still there")
    got = k.run("%%\nfmt.Println(answer())")
    if "undefined: answer" not in got:
        raise SystemExit(f"restart: a declaration outlives it: {got!r}")
    expect("after a restart", k.run("%%\nfmt.Println(6 * 7)"), "42\n")


def two(a, b):
    """A cell of each waits for a sign of the other's, so they run at the
    same time or not at all."""

    def cell(me, you):
        return (f'%%\nnb.Must0(os.WriteFile("{me}", nil, 0o600))\n'
                "for begin := time.Now(); time.Since(begin) < time.Minute; time.Sleep(time.Millisecond) {\n"
                f'\tif _, err := os.Stat("{you}"); err == nil {{\n\t\tfmt.Println("{me} met {you}")\n\t\treturn\n\t}}\n}}\n')

    with concurrent.futures.ThreadPoolExecutor() as pool:
        results = [pool.submit(a.run, cell("a", "b")), pool.submit(b.run, cell("b", "a"))]
        expect("two kernels at once", [r.result() for r in results], ["a met b\n", "b met a\n"])


def kill(k, other, folder):
    """Returns what the killed kernel leaves: its language server, for a
    while."""
    pid, left = k.pid, k.dir()

    def hear(_):
        os.kill(pid, signal.SIGKILL)
        raise InterruptedError

    try:
        k.run('%%\nfmt.Println("looping")\nfor {\n\ttime.Sleep(time.Millisecond)\n}', hear)
    except InterruptedError:
        pass
    wait("the end of a killed kernel", 10, lambda: not k.manager.is_alive())
    if not left.exists():
        raise SystemExit(f"kill: {left} was gone before anybody could sweep it")
    after = Kernel(folder)
    try:
        expect("after a kill", after.run("%%\nfmt.Println(6 * 7)"), "42\n")
        if left.exists():
            raise SystemExit(f"kill: {left} is still there")
        cells = [line for line in processes(left).values() if line.startswith(str(left))]
        expect("cells of the killed kernel", cells, [])
        if not other.dir().exists():
            raise SystemExit("kill: the folder of another kernel is gone")
        expect("another kernel after a kill", other.run("%%\nfmt.Println(answer())"), "42\n")
    finally:
        after.stop()
    return left


def main():
    with tempfile.TemporaryDirectory(prefix="specstress kernels ") as tmp:
        folder = pathlib.Path(tmp)
        a, b = Kernel(folder), Kernel(folder)
        try:
            steps = [
                ("cells and completion", lambda: answers(a)),
                ("interrupt", lambda: interrupt(a)),
                ("restart", lambda: restart(a)),
                ("two at once", lambda: two(a, b)),
                ("completion in the other", lambda: answers(b)),
            ]
            for name, step in steps:
                began = time.time()
                step()
                print(f"{name}: {time.time() - began:.1f} s", flush=True)
            left = kill(a, b, folder)
            print("kill -9 and sweep", flush=True)
        finally:
            for k in (a, b):
                k.stop()
        killed = time.time()
        wait("the end of all processes of a killed kernel", GOPLS_STAYS + 30, lambda: not processes(left))
        wait("the end of all processes of kernels", 30, lambda: not any("specstress kernels " in line for line in processes(left).values()))
        print(f"nothing of the killed kernel runs {time.time() - killed:.0f} s later", flush=True)
    print("kernels under jupyter_client: all well")


if __name__ == "__main__":
    main()
