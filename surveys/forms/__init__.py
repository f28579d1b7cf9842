"""What the working group types on the pages of a survey."""
