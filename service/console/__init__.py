"""Pages for people: templates, static files and the views that fill them."""
