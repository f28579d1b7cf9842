"""This period's result beside the one before: which issues moved, and by more than their uncertainty."""
