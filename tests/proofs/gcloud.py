"""Stands for `gcloud storage`, as far as `mlplatform promote` asks it: buckets are folders."""

from __future__ import annotations

import sys
from pathlib import Path

_TEXT = """\
#!{python}
import pathlib, shutil, sys
words = sys.argv[1:]
def place(uri):
    return pathlib.Path({buckets!r}) / uri.removeprefix("gs://").removesuffix("**")
def new(source, target):
    # nothing that is there is written again
    return target if pathlib.Path(target).exists() else shutil.copy2(source, target)
if words[:-2] == ["storage", "rsync", "--recursive", "--no-clobber"]:
    shutil.copytree(words[-2], place(words[-1]), dirs_exist_ok=True, copy_function=new)
elif words[:2] == ["storage", "ls"]:
    files = (file for file in place(words[2]).rglob("*") if file.is_file())
    print("\\n".join("gs:/" + str(file).removeprefix({buckets!r}) for file in files))
else:
    sys.exit("gcloud: " + " ".join(words))
"""


def gcloud(buckets: Path) -> str:
    """The program's text.

    Args:
        buckets: folder with a folder for each bucket.
    """
    return _TEXT.format(python=sys.executable, buckets=str(buckets))
