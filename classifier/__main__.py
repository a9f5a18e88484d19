"""``python -m classifier``: the commands of this floor."""

from classifier.cli import app
from classifier.terminal import run

if __name__ == "__main__":
    run(app)
