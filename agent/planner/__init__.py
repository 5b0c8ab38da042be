"""Planning by a model: what reading is not sure of -> tool calls, as JSON under a grammar."""
