"""What this machine has and what a model needs -> which model can run here, how, and what to type next.

`hardware` looks at the machine, `memory` at the files of a model and at what it takes, `server` at a server's models;
`judging` decides and `telling` says it. Nothing heavy is imported, nothing is loaded, and only a server that was named
is asked over a network.
"""

from agent.models.machine.hardware import this_machine
from agent.models.machine.judging import judge

__all__ = ["judge", "this_machine"]
