"""Speed, memory and macro-F1, measured: `make bench`, `make bench-data`. Not tests: nothing here passes or fails."""
