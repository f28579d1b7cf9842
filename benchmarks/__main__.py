"""`python -m benchmarks`. Processes that benchmarks start load this file too, so it does nothing else."""

import sys

if __name__ == "__main__":
    from benchmarks.command import main

    sys.exit(main())
