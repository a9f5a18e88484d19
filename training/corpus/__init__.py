"""Judge labelled posts before anything is learnt from them: copies, scripts, spread, tell-tale words, style."""
