"""`python -m evaluation.bench` (`make bench`): everything that has a bar, timed and sized in one table.

Left out: whether answers are right (a score needs gold answers) and `make demo` on a clean checkout.
"""
