"""Topics of reporting standards as data: names, codes and structure, to pick issues from. No standard's text."""
