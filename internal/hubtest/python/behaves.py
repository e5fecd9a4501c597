"""Holds internal/hubtest to what Python's huggingface_hub expects of the Hub.

    python behaves.py SERVE FOLDER WORK

SERVE is the built internal/hubtest/serve, FOLDER what it serves, WORK a
folder for caches. Every client runs in a process of its own, for
huggingface_hub reads its environment when imported.
"""

import hashlib
import json
import pathlib
import subprocess
import sys

from server import REPO, Server, check, environment, finish

TOKEN = "hf_the_token_of_the_test"


def files_of(folder):
    """Path, size and content's names of every file, computed here."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            found[path.relative_to(folder).as_posix()] = {
                "size": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
                "blob": hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest(),
            }
    return found


def client(code, env):
    """Runs code in a fresh Python and returns the JSON that it prints last."""
    prelude = "import json, sys\nfrom huggingface_hub import *\nREPO = %r\n" % REPO
    run = subprocess.run([sys.executable, "-c", prelude + code], env=env, capture_output=True, text=True, timeout=300)
    if run.returncode:
        return {"error": run.stderr.strip().splitlines()[-1] if run.stderr.strip() else f"exit {run.returncode}", "stderr": run.stderr}
    return json.loads(run.stdout.splitlines()[-1])


LIST = """
api = HfApi()
info = api.dataset_info(REPO, files_metadata=True)
tree = [f for f in api.list_repo_tree(REPO, repo_type="dataset", recursive=True, expand=True)]
files = [f for f in tree if type(f).__name__ == "RepoFile"]
paths = api.get_paths_info(REPO, ["README.md", "data", "none"], repo_type="dataset")
folder = [f.path for f in api.list_repo_tree(REPO, "data", repo_type="dataset")]
refs = api.list_repo_refs(REPO, repo_type="dataset")
print(json.dumps({
    "sha": info.sha, "private": info.private, "main": refs.branches[0].target_commit,
    "commits": [c.commit_id for c in api.list_repo_commits(REPO, repo_type="dataset")],
    "siblings": {s.rfilename: [s.size, s.blob_id, s.lfs and s.lfs.sha256] for s in info.siblings},
    "tree": {f.path: [f.size, f.blob_id, f.lfs and f.lfs.sha256] for f in files},
    "folders": [f.path for f in tree if type(f).__name__ == "RepoFolder"],
    "expanded": all(f.last_commit and f.security for f in files),
    "paths": [type(p).__name__ + " " + p.path for p in paths], "folder": folder,
    "exists": [api.file_exists(REPO, "README.md", repo_type="dataset"), api.file_exists(REPO, "none", repo_type="dataset")],
}))
"""

DOWNLOAD = """
one = hf_hub_download(REPO, sys.argv[1] if len(sys.argv) > 1 else "data/all_models-00000-of-00004.parquet", repo_type="dataset")
card = hf_hub_download(REPO, "README.md", repo_type="dataset")
print(json.dumps({"one": one, "card": card}))
"""

SNAPSHOT = """
path = snapshot_download(REPO, repo_type="dataset")
print(json.dumps({"path": path}))
"""

VERIFY = """
v = HfApi().verify_repo_checksums(REPO, repo_type="dataset")
print(json.dumps({"checked": v.checked_count, "mismatches": len(v.mismatches), "missing": len(v.missing_paths), "extra": len(v.extra_paths)}))
"""

FILESYSTEM = """
import pandas
fs = HfFileSystem()
root = f"datasets/{REPO}"
name = f"{root}/data/all_models-00000-of-00004.parquet"
listing = sorted(fs.ls(f"{root}/data", detail=False))
with fs.open(name, "rb", block_size=4096) as f:
    f.seek(-8, 2)
    tail = f.read(8)
    f.seek(0)
    head = f.read(4)
frame = pandas.read_parquet("hf://" + name, columns=["o3_value1_position", "nudge_direction"])
print(json.dumps({"listing": [p.removeprefix(root + "/") for p in listing], "head": head.decode(), "tail": tail[4:].decode(),
                  "rows": len(frame), "columns": list(frame.columns), "sum": int(frame.o3_value1_position.sum())}))
"""

ERROR = """
from huggingface_hub.errors import *
try:
    %s
except Exception as e:
    print(json.dumps({"error": type(e).__name__}))
else:
    print(json.dumps({"error": "none"}))
"""

FIRST = 'hf_hub_download(REPO, "judge_evaluations/std_0.0_to_1.0-00000-of-00001.parquet", repo_type="dataset")'


def open_hub(serve, folder, work, files):
    lfs = {p for p in files if p.endswith(".parquet")}
    want = {p: [f["size"], None if p in lfs else f["blob"], f["sha256"] if p in lfs else None] for p, f in files.items()}

    def same(got):
        return {p: [v[0], None if p in lfs else v[1], v[2]] for p, v in got.items()} == want

    # Pages of 7, so that the listing has several.
    with Server(serve, folder, "--page", "7") as server:
        env = environment(work / "home", server.endpoint)
        got = client(LIST, env)
        if "error" in got:
            check(False, "listing", got["stderr"])
            return
        check(got["sha"] == got["main"] == got["commits"][0] and len(got["sha"]) == 40, "dataset_info, refs and commits agree on the commit")
        check(same(got["siblings"]), "dataset_info names every file with size, blob id and sha256")
        check(same(got["tree"]), "list_repo_tree does, over pages")
        check(got["expanded"], "list_repo_tree expands")
        check(sorted(got["folders"]) == sorted({p.rsplit("/", 1)[0] for p in files if "/" in p}), "list_repo_tree names folders", got["folders"])
        check(got["paths"] == ["RepoFile README.md", "RepoFolder data"], "get_paths_info leaves out what does not exist", got["paths"])
        check(sorted(got["folder"]) == sorted(p for p in files if p.startswith("data/")), "list_repo_tree lists one folder")
        check(got["exists"] == [True, False], "file_exists", got["exists"])

    with Server(serve, folder) as server:
        env = environment(work / "home", server.endpoint)
        got = client(DOWNLOAD, env)
        if "error" in got:
            check(False, "hf_hub_download", got["stderr"])
        else:
            for key, name in (("one", "data/all_models-00000-of-00004.parquet"), ("card", "README.md")):
                data = pathlib.Path(got[key]).read_bytes()
                check(hashlib.sha256(data).hexdigest() == files[name]["sha256"], f"hf_hub_download of {name}")
                blob = files[name]["sha256" if name in lfs else "blob"]
                check(pathlib.Path(got[key]).resolve().name == blob, f"its blob is named {blob[:8]}...")
        got = client(SNAPSHOT, env)
        if "error" in got:
            check(False, "snapshot_download", got["stderr"])
        else:
            bad = [p for p, f in files.items() if hashlib.sha256((pathlib.Path(got["path"]) / p).read_bytes()).hexdigest() != f["sha256"]]
            check(not bad, "snapshot_download of everything", bad)
        got = client(VERIFY, env)
        check(got == {"checked": len(files), "mismatches": 0, "missing": 0, "extra": 0}, "verify_repo_checksums", got)

        server.ask("forget")
        got = client(FILESYSTEM, env)
        requests, sent = server.counts()
        size = files["data/all_models-00000-of-00004.parquet"]["size"]
        check(got.get("head") == "PAR1" == got.get("tail"), "HfFileSystem reads ranges", got.get("stderr"))
        check(got.get("listing") == sorted(p for p in files if p.startswith("data/")), "HfFileSystem lists", got.get("listing"))
        check(got.get("columns") == ["o3_value1_position", "nudge_direction"] and got.get("rows", 0) > 0, "pandas reads columns from hf://", got.get("stderr"))
        print(f"        ({requests} requests, {sent:,} bytes for 2 columns of a file of {size:,})")

        server.ask("forget")
        for name, code in (("hf_hub_download", DOWNLOAD), ("snapshot_download", SNAPSHOT)):
            got = client(code, env | {"HF_HUB_OFFLINE": "1"})
            check("error" not in got, f"{name} offline, from the cache", got.get("stderr"))
        check(server.counts() == (0, 0), "without a request", server.counts())

        for call, want in (
            ('HfApi().dataset_info(REPO, revision="none")', "RevisionNotFoundError"),
            ('HfApi().dataset_info("owner/none")', "RepositoryNotFoundError"),
            ('hf_hub_download(REPO, "none", repo_type="dataset")', "RemoteEntryNotFoundError"),
        ):
            got = client(ERROR % call, env)
            check(got == {"error": want}, f"{call}: {want}", got)


def private_hub(serve, folder, work, files):
    with Server(serve, folder, "--private", "--token", TOKEN) as server:
        home = work / "home-private"
        got = client(ERROR % FIRST, environment(home, server.endpoint))
        check(got == {"error": "RepositoryNotFoundError"}, "private without a token: RepositoryNotFoundError", got)
        got = client(ERROR % FIRST, environment(home, server.endpoint, HF_TOKEN="hf_another"))
        check(got == {"error": "HfHubHTTPError"}, "private with a wrong token: HfHubHTTPError", got)
        got = client(DOWNLOAD, environment(home, server.endpoint, HF_TOKEN=TOKEN))
        check("error" not in got, "private with the token", got.get("stderr"))
        leaks = server.ask("leaks", token=TOKEN)
        check(not leaks, "huggingface_hub sends the token to the Hub alone", leaks)


def gated_hub(serve, folder, work, files):
    with Server(serve, folder, "--gated", "--token", TOKEN) as server:
        for token, status in ((None, 401), (TOKEN, 403)):
            more = {"HF_TOKEN": token} if token else {}
            got = client(ERROR % FIRST, environment(work / "home-gated", server.endpoint, **more))
            check(got == {"error": "GatedRepoError"}, f"gated, {status}: GatedRepoError", got)


def faulty_hub(serve, folder, work, files):
    """What huggingface_hub gets over, so must we; this is its measure."""
    with Server(serve, folder, "--faults", "cut,429,drip", "--rate", "0.6", "--storm", "2", "--seed", "3") as server:
        got = client(DOWNLOAD, environment(work / "home-faulty", server.endpoint))
        ok = "error" not in got and hashlib.sha256(pathlib.Path(got["one"]).read_bytes()).hexdigest() == files["data/all_models-00000-of-00004.parquet"]["sha256"]
        check(ok, "huggingface_hub gets over cuts, drips and 429", got.get("stderr"))


def flipping_hub(serve, folder, work, files):
    """The checks above can fail: a flipped bit in every file is found."""
    with Server(serve, folder, "--faults", "flip-bit", "--rate", "1") as server:
        env = environment(work / "home-flipping", server.endpoint)
        client(SNAPSHOT, env)
        got = client(VERIFY, env)
        check(got.get("mismatches", 0) > 0, "a flipped bit reaches huggingface_hub's cache, and verify_repo_checksums finds it", got)


def main():
    serve, folder, work = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
    files = files_of(folder)
    for part in (open_hub, private_hub, gated_hub, faulty_hub, flipping_hub):
        part(serve, folder, work, files)
    finish("behaves like the Hub")


main()
