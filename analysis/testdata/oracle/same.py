"""Compares two folders of expected values: python same.py OLD NEW.

Numbers may differ by one part in 1e9, for linear algebra libraries sum in
other orders on other processors; everything else must be equal.
"""

import json
import math
import pathlib
import sys


def differ(a, b, at):
    if isinstance(a, (int, float)) and isinstance(b, (int, float)) and not isinstance(a, bool):
        return [] if math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) or a != a and b != b else [f"{at}: {a} and {b}"]
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        return [d for k in a for d in differ(a[k], b[k], f"{at}.{k}")]
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return [d for i, (x, y) in enumerate(zip(a, b)) for d in differ(x, y, f"{at}[{i}]")]
    return [] if a == b else [f"{at}: {a!r} and {b!r}"]


def main():
    old, new = map(pathlib.Path, sys.argv[1:])
    wrong = []
    for path in sorted(new.glob("*.json")):
        found = differ(json.loads((old / path.name).read_text()), json.loads(path.read_text()), path.stem)
        print(f"{path.name}: {'as committed' if not found else f'{len(found)} differences'}")
        wrong += found
    print(*wrong[:20], sep="\n", end="")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
