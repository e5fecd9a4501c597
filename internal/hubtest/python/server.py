"""Starts internal/hubtest/serve and asks it what it saw."""

import json
import os
import pathlib
import subprocess
import urllib.parse
import urllib.request

REPO = "jifanz/stress_testing_model_spec"


class Server:
    """The server as a process; use it with `with`."""

    def __init__(self, binary, folder, *args):
        self.command = [str(binary), "--dir", str(folder), *args]

    def __enter__(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.endpoint = self.process.stdout.readline().strip()
        if not self.endpoint:
            raise SystemExit(f"{' '.join(self.command)} did not start: {self.process.stderr.read()}")
        return self

    def __exit__(self, *_):
        self.stop()

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    def ask(self, what, **query):
        url = f"{self.endpoint}/-/{what}?{urllib.parse.urlencode(query)}"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=10) as response:
            return json.load(response)

    def counts(self):
        """Requests and bytes of all hosts together."""
        hosts = self.ask("counts").values()
        return sum(h["requests"] for h in hosts), sum(h["bytes"] for h in hosts)


def environment(home, endpoint, **more):
    """A clean environment for a client: nothing of the caller's Hub settings."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("HF_", "HUGGINGFACE_")) and not k.lower().endswith("_proxy")}
    home = pathlib.Path(home).resolve()
    env.update(HF_HOME=str(home), HF_ENDPOINT=endpoint, HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_PROGRESS_BARS="1",
               HF_HUB_DISABLE_UPDATE_CHECK="1", NO_PROXY="127.0.0.1", SPECSTRESS_CACHE=str(home / "specstress"))
    env.update(more)
    return env


failures = 0


def check(ok, what, detail=""):
    """Prints and counts; detail only of what failed."""
    global failures
    if not ok:
        failures += 1
    print(("ok      " if ok else "FAILED  ") + what + ("" if ok or detail == "" else f": {detail}"), flush=True)


def finish(name):
    if failures:
        raise SystemExit(f"{name}: {failures} checks failed")
    print(f"{name}: all checks passed")
