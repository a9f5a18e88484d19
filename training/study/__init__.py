"""What labelled posts are worth: how good models learnt from them are, on what they have not seen."""
