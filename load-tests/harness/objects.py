"""What the caches keep: made-up segments that no encoding makes smaller, each with its hash.

Made once and kept in .build/bench (430 MB). The same seed makes the same bytes on each machine.
"""

import hashlib
import os
import random
import shutil
import tempfile
from pathlib import Path

from media import CACHE

# Raised when anything below changes, so that old files are not taken for new ones.
REVISION = 1
SETS = {  # how many, of how many bytes; each set is larger than a CPU's caches
    "small": (3000, 20_000),
    "medium": (200, 500_000),
    "large": (180, 1_500_000),
}


def paths(name):
    """The addresses of a set, without what signs them."""
    return [f"{prefix(name)}0123456789abcdef/720p/{index}.m4s" for index in range(SETS[name][0])]


def prefix(name):
    return f"/videos/{name}/"


class Objects:
    def __init__(self):
        self.root = CACHE / f"objects-{REVISION}"
        if not self.root.exists():
            print("bench: making the objects, once", flush=True)
            make(self.root)
        self.known = {}

    def body(self, path):
        return (self.root / path.lstrip("/")).read_bytes()

    def digest(self, path):
        if path not in self.known:
            self.known[path] = hashlib.sha256(self.body(path)).hexdigest()
        return self.known[path]


def make(root):
    CACHE.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=CACHE))
    try:
        for name, (_, size) in SETS.items():
            for path in paths(name):
                file = temporary / path.lstrip("/")
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_bytes(random.Random(path).randbytes(size))
        # A server may read them that runs as another user.
        temporary.chmod(0o755)
        os.rename(temporary, root)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
