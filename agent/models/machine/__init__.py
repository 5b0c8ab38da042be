"""What this machine has and what a model needs -> which model can run here, how, and what to type next.

`hardware` looks at the machine, `weights` at the files of a model, `memory` plans what it takes, `judging` decides.
Nothing heavy is imported, nothing is loaded and nobody is asked over a network.
"""

from agent.models.machine.hardware import Machine, this_machine
from agent.models.machine.judging import Judgement, best_precision, judge, judge_named
from agent.models.machine.memory import READ_AT_ONCE

__all__ = [
    "READ_AT_ONCE",
    "Judgement",
    "Machine",
    "best_precision",
    "judge",
    "judge_named",
    "this_machine",
]
