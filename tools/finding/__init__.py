"""What finds entries: their kind and name, status, category and reason, what they say."""
