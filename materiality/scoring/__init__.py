"""From tallies to axes, priority, rank, tiers, and how sure each of them is.

Pure numpy: frozen dataclasses in, frozen dataclasses out. Knows no database, no file, no page. Point results
are exact fractions, so that a tie is a tie and a cut-off is met exactly; floats begin where they leave.
"""
