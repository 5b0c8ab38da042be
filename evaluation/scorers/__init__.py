"""Results -> verdicts: by rules where they can decide, by a judge model only for what is left."""

from evaluation.scorers.scoring import judgeable, missing, score, score_all

__all__ = ["judgeable", "missing", "score", "score_all"]
