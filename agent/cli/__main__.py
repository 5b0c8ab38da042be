"""`python -m agent.cli`: the command line where the package is not installed."""

from agent.cli import main

if __name__ == "__main__":
    main()
