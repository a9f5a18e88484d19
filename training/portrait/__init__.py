"""A portrait of the model: what each part of it is worth, and where it errs."""
