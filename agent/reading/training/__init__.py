"""How the reader's weights are made from the corpus; nothing here runs when a question is read."""
