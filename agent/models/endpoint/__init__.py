"""`openai:BASE_URL#NAME`: a model behind a server that speaks OpenAI's Chat Completions.

vLLM, SGLang, the server of llama.cpp and `transformers serve` are what it is made for. A message -> what the model
streams; whatever goes wrong on the way -> one `ModelFailure`. Left out: OpenAI's Responses, tools, several choices.
"""

from agent.models.endpoint.address import caution
from agent.models.endpoint.opening import open_endpoint

__all__ = ["caution", "open_endpoint"]
