"""What a family sees on its own pages, over all measures: its week, its children's data, who looked."""
