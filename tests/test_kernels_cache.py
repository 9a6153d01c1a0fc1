"""A kernel kept on disk is one of these sources: what it takes from other files counts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import dedup

MIXED = """
import numpy as np
from dedup.kernels import fold, text
print(int(text.mix64(np.uint64(5))) == fold.mix_int(5), sum(text.mix64.stats.cache_hits.values()))
"""


def test_a_kernel_on_disk_counts_only_while_no_file_has_changed_that_it_takes_a_constant_from(tmp_path):
    copy = shutil.copytree(
        Path(dedup.__file__).parent, tmp_path / "dedup", ignore=shutil.ignore_patterns("__pycache__")
    )
    found = {"PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}

    def run():
        command = [sys.executable, "-B", "-c", MIXED]
        done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | found, cwd=tmp_path)
        return done.stdout.split()

    first, again = run(), run()
    fold = copy / "kernels" / "fold.py"
    source = fold.read_text("utf-8")
    fold.write_text(source.replace("MIX_1 = 0x", "MIX_1 = 0x1 ^ 0x"), "utf-8")
    changed = run()

    assert fold.read_text("utf-8") != source
    assert (first, again, changed) == (["True", "0"], ["True", "1"], ["True", "0"])
