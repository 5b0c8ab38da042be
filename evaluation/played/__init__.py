"""A model that is played: replies in its place are kept by question and step, and replayed without anyone.

People read the prompts and reply as a good model would, which tells what prompts, tools and check make of one. A
replay after a change says what became of the answers, and which prompts changed, so that they are to be played again.
"""

from evaluation.played.asking import asked, replayed
from evaluation.played.chat import Change
from evaluation.played.questions import KEPT, SHIPPED, PlayedQuestion, Reply, load, save
from evaluation.played.summary import Summary, by_kind
from evaluation.played.verdicts import Judged, PlayedVerdict, judged

__all__ = [
    "KEPT",
    "SHIPPED",
    "Change",
    "Judged",
    "PlayedQuestion",
    "PlayedVerdict",
    "Reply",
    "Summary",
    "asked",
    "by_kind",
    "judged",
    "load",
    "replayed",
    "save",
]
