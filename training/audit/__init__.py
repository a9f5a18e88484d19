"""Which labels look wrong: what a model of other posts disbelieves, copies that contradict, readers who split."""
