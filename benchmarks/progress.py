"""What the screen shows while benchmarks run: one line that changes, or one line each where there is no screen."""

import sys

_WIDTH = 110


def show(text: str) -> None:
    """Say what happens now. Goes to stderr, so that the table on stdout stays clean."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r  {text[:_WIDTH]:<{_WIDTH}}")
    else:
        sys.stderr.write(f"  {text}\n")
    sys.stderr.flush()


def clear() -> None:
    """Take the changing line away."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{'':<{_WIDTH + 2}}\r")
        sys.stderr.flush()
