"""One patient's record for AI clients over the Model Context Protocol: the tools, `ask`, resources, prompts.

Which patient it is stands before a client connects: the command line says it, or the token. No schema has a
patient argument, so no client can name another.
"""
