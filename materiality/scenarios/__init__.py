"""What-ifs that are kept: named, compared with the current result, exported; and what a change of weight would move."""
