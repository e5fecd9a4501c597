"""specstress and huggingface_hub on one Hub and one cache, both ways.

    python interop.py SPECSTRESS SERVE FOLDER WORK

What Python fetched is read by specstress without a request; what specstress
fetched whole, Python uses offline and finds right; both at once get along;
a cache damaged in between is noticed.
"""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys

from server import REPO, Server, check, environment, finish

SRC = f"hf://datasets/{REPO}"
TOKEN = "hf_the_token_of_the_test"
ONE = "judge_evaluations/std_0.0_to_1.0-00000-of-00001.parquet"


def run(command, env):
    return subprocess.run([str(c) for c in command], env=env, capture_output=True, text=True, timeout=900)


def python(code, env):
    """Runs code after importing huggingface_hub; returns the JSON it prints last."""
    r = run([sys.executable, "-c", f"import json, sys\nfrom huggingface_hub import *\nREPO = {REPO!r}\n" + code], env)
    if r.returncode:
        return {"error": r.stderr[-2000:]}
    return json.loads(r.stdout.splitlines()[-1])


SNAPSHOT = 'print(json.dumps({"path": snapshot_download(REPO, repo_type="dataset")}))'
VERIFY = """
v = HfApi().verify_repo_checksums(REPO, repo_type="dataset")
print(json.dumps({"checked": v.checked_count, "bad": len(v.mismatches) + len(v.missing_paths)}))
"""
SCAN = """
r = scan_cache_dir()
print(json.dumps({"warnings": [str(w) for w in r.warnings], "repos": [[x.repo_id, x.nb_files] for x in r.repos]}))
"""
EACH = """
from pathlib import Path
import hashlib
print(json.dumps({n: hashlib.sha256(Path(hf_hub_download(REPO, n, repo_type="dataset")).read_bytes()).hexdigest() for n in %r}))
"""
SHARE = """
import hashlib, os
from huggingface_hub import constants
from huggingface_hub.utils._shared_blobs import publish_blob_to_shared_store, is_shared_blobs_dir
path = hf_hub_download(REPO, %r, repo_type="dataset")
blob = os.path.join(os.path.dirname(path), os.readlink(path))
blob = os.path.abspath(blob)
xet = hashlib.sha256(b"a hash of Xet's").hexdigest()
done = publish_blob_to_shared_store(blob_path=blob, xet_hash=xet, cache_dir=constants.HF_HUB_CACHE, expected_size=os.path.getsize(blob))
print(json.dumps({"done": done, "link": os.path.islink(blob)}))
""" % ONE


def main():
    specstress, serve, folder, work = (pathlib.Path(p).resolve() for p in sys.argv[1:5])
    want = {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)

    def export(source, env, name):
        """The table of positions as specstress reads it, as bytes."""
        out = work / f"{name}.csv"
        r = run([specstress, "export", "positions", "--data", source, "--out", out], env)
        return (out.read_bytes() if r.returncode == 0 and out.exists() else None), r.stderr

    with Server(serve, folder) as server:
        local, err = export(folder, environment(work / "none", server.endpoint), "local")
        check(local is not None, "export from the folder itself", err)

        # Python first.
        home = work / "python-first"
        env = environment(home, server.endpoint)
        got = python(SNAPSHOT, env)
        check("error" not in got, "snapshot_download", got.get("error"))
        server.ask("forget")
        offline = env | {"HF_HUB_OFFLINE": "1"}
        table, err = export(SRC, offline, "offline")
        check(table == local, "specstress exports from Python's cache, offline", err[-500:])
        r = run([specstress, "check", SRC], offline)
        check(r.returncode == 0, "specstress check, offline", r.stderr[-500:])
        check(server.counts() == (0, 0), "without a request", server.ask("requests")[:5])
        table, err = export(SRC, env, "online")
        counts = server.ask("counts")
        check(table == local and counts["cdn"]["bytes"] == 0, "online it asks the Hub which commit that is, and fetches no file", (err[-500:], counts))
        print(f"        ({counts['hub']['requests']} requests, {counts['hub']['bytes']:,} bytes)")

        # The shared store of newer versions: blobs that are links themselves.
        got = python(SHARE, env)
        check(got.get("done") and got.get("link"), "Python moves a blob to its shared store", got)
        r = run([specstress, "info", f"{SRC}/{ONE}"], offline)
        check(r.returncode == 0, "specstress reads it there", r.stderr[-500:])

        # Damage of the same size, which Python itself does not notice.
        damaged = work / "damaged"
        env = environment(damaged, server.endpoint)
        python(SNAPSHOT, env)
        name = "data/all_models-00000-of-00004.parquet"
        blob = damaged / "hub" / ("datasets--" + REPO.replace("/", "--")) / "blobs" / want[name]
        data = bytearray(blob.read_bytes())
        data[len(data) // 2] ^= 4
        blob.write_bytes(data)
        server.ask("forget")
        table, err = export(SRC, env | {"HF_HUB_OFFLINE": "1"}, "damaged-offline")
        check(table is None and ("sha256" in err.lower() or "damaged" in err.lower()) and pathlib.Path(name).name in err, "a flipped bit in the cache is an error that names the file, offline", err[-500:])
        table, err = export(SRC, env, "damaged-online")
        check(table in (None, local), "and never a wrong number, online", err[-500:])

        # specstress first.
        home = work / "ours-first"
        env = environment(home, server.endpoint)
        server.ask("forget")
        r = run([specstress, "fetch", SRC, "--columns", "all"], env)
        check(r.returncode == 0, "specstress fetch --columns all", (r.stdout + r.stderr)[-1500:])
        requests, sent = server.counts()
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
        check(sent <= 1.1 * size, "fetches every byte once", f"{sent:,} of {size:,}")
        print(f"        ({requests} requests, {sent:,} bytes for {size:,})")
        fetched = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*.parquet"))
        server.ask("forget")
        got = python(EACH % fetched, env | {"HF_HUB_OFFLINE": "1"})
        check(got == {n: want[n] for n in fetched}, "hf_hub_download finds every file offline, with the right bytes", str(got)[-800:])
        got = python(SNAPSHOT, env | {"HF_HUB_OFFLINE": "1"})
        check("error" not in got, "snapshot_download offline", got.get("error"))
        check(server.counts() == (0, 0), "without a request", server.counts())
        got = python(SCAN, env)
        check(got.get("warnings") == [] and [x[0] for x in got.get("repos", [])] == [REPO], "scan_cache_dir finds nothing to warn of", got)
        server.ask("forget")
        got = python(SNAPSHOT, env)
        check("error" not in got, "snapshot_download online", got.get("error"))
        cdn = server.ask("counts")["cdn"]["bytes"]
        check(cdn == 0, "fetches no large file again", cdn)
        got = python(VERIFY, env)
        check(got == {"checked": len(want), "bad": 0}, "verify_repo_checksums", got)

        # Elsewhere: HF_HUB_CACHE, and a token in the file that HF_TOKEN_PATH names.
    with Server(serve, folder, "--private", "--token", TOKEN) as server:
        (work / "token").write_text(TOKEN + "\n")
        env = environment(work / "elsewhere", server.endpoint, HF_HUB_CACHE=str(work / "hub-cache"), HF_TOKEN_PATH=str(work / "token"))
        r = run([specstress, "fetch", f"{SRC}/{ONE}", "--columns", "all"], env)
        check(r.returncode == 0, "fetch of one file into HF_HUB_CACHE with the token of HF_TOKEN_PATH", (r.stdout + r.stderr)[-1500:])
        got = python(EACH % [ONE], env | {"HF_HUB_OFFLINE": "1"})
        check(got == {ONE: want[ONE]}, "Python finds it there", got)
        leaks = server.ask("leaks", token=TOKEN)
        check(not leaks, "the token went to the Hub alone", leaks)
        kept = [str(p) for p in work.rglob("*") if p.is_file() and p != work / "token" and p.suffix != ".parquet" and TOKEN.encode() in p.read_bytes()]
        check(not kept, "and into no file", kept)
        check(TOKEN not in r.stdout + r.stderr, "and into no output")

    # Both at once.
    with Server(serve, folder, "--latency", "5ms") as server:
        env = environment(work / "both", server.endpoint)
        ours = subprocess.Popen([specstress, "fetch", SRC, "--columns", "all"], env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        got = python(SNAPSHOT, env)
        out, _ = ours.communicate(timeout=900)
        check("error" not in got and ours.returncode == 0, "snapshot_download and fetch at once", got.get("error") or out[-1000:])
        got = python(VERIFY, env)
        check(got.get("bad") == 0, "leave a cache that verify_repo_checksums finds right", got)
        _, sent = server.counts()
        print(f"        (together {sent:,} bytes for {size:,})")
    finish("interop")


main()
