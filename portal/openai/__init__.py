"""The portal as chat front ends know it: OpenAI's chat completions over one patient's record.

The caller's token decides whose record it is. Of the messages only the user's are read, as questions; what a system,
developer, assistant or tool message says is no instruction here.
"""
