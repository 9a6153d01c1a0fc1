"""One file per tool, one signature: ``run(texts) -> pairs``; what each needs and how to tell that it is there.

In: texts in memory. Out: pairs of positions the tool holds for copies, the smaller first. Settings are the field's
usual ones: word 3-shingles, 128 (or 25 x 5) hashes, threshold 0.5. A tool's file knows no other tool.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool to measure: ``module`` is its file here, ``package`` its distribution, ``threaded`` if it uses threads."""

    name: str
    module: str
    package: str
    threaded: bool = True

    @property
    def installed(self) -> bool:
        """Whether the package is there; ours always is."""
        return self.name == OURS or self.version != ""

    @property
    def version(self) -> str:
        """The installed version, empty if it is not installed."""
        try:
            return version(self.package)
        except PackageNotFoundError:
            return ""


OURS = "dedup"

TOOLS = (
    Tool(OURS, "peers.ours", "samestory"),
    Tool("gaoya", "peers.gaoya", "gaoya"),
    Tool("daft", "peers.daft", "daft"),
    Tool("rensa", "peers.rensa", "rensa"),
    Tool("FastSketchLSH", "peers.fastsketchlsh", "fastsketchlsh"),
    Tool("datasketch", "peers.datasketch", "datasketch", threaded=False),
    Tool("datasketch, crc32", "peers.datasketch_crc32", "datasketch", threaded=False),
)
"""Every tool, ours first; a missing one is listed as not installed."""
