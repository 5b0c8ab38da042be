"""What measures: the series of a test, which of its values are picked, statistics over them."""
