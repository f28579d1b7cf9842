"""The public report: what anybody may read of a confirmed result, at an address that stays."""
