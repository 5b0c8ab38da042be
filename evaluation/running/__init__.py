"""Runs: cases, a solver and a model -> a results file, resumable, on one machine or several."""

from evaluation.running.merging import merge
from evaluation.running.run import Summary, run
from evaluation.running.shard import Shard
from evaluation.running.tasks import Wanted

__all__ = ["Shard", "Summary", "Wanted", "merge", "run"]
