"""The LangGraph state machine that turns a question about one patient into a cited answer."""
