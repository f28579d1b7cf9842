"""The working group's pages of a survey, a module for each room."""
