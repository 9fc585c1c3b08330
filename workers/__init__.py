"""Everything that runs a stage: the Celery application, the command line, the console."""
