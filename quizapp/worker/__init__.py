"""Does the jobs that people ask for, beside the pages and the command line. Start from `Worker`.

`attempt` works on one job, `kinds` says what each kind of job is, `watch` keeps the
lease and hears of a cancellation.
"""

from quizapp.worker.loop import Worker

__all__ = ["Worker"]
