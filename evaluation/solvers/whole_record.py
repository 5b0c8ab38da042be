"""The baseline that reads the whole record: all resources as JSON and the question, one call.

As MedGemma's model card and FHIR-AgentBench describe it. What does not fit the model's context is cut off, and counted.
"""

from evaluation.solvers.talk import Talk

NAME = "whole-record"


def whole_record(talk: Talk) -> str:
    """Return what the model says.

    Raises:
        ModelFailure: the model said nothing, or could not be asked.
    """
    return talk.say_with("answer", "whole_record", talk.raw.resources(), {})
