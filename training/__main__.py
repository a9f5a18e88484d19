"""``python -m training``: the commands of this floor."""

from classifier.terminal import run
from training.cli import app

if __name__ == "__main__":
    run(app)
