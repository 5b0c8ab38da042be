"""The tools by name, each a typed function of a record; their catalogue, evidence and errors."""
