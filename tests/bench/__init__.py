"""Speed and memory, measured: `make bench`. Not tests: nothing here passes or fails."""
