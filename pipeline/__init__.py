"""The domain of Standfirst: from feeds to posts. Knows neither Celery nor Redis."""
