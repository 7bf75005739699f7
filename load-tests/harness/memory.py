"""Memory under load: what stays resident, and whether it grows."""

from load import Load

WARM_REQUESTS = 200_000
REQUESTS = 1_000_000
STEP_SECONDS = 5
LIMIT_SECONDS = 180


def measure(origin, paths, folder):
    """Resident bytes after 200 000 and after a million requests of every kind, and the index."""
    load = Load(origin, paths, folder)
    served, warm, seconds = 0, None, 0
    while served < REQUESTS and seconds < LIMIT_SECONDS:
        served += load.run(STEP_SECONDS).requests
        seconds += STEP_SECONDS
        if warm is None and served >= WARM_REQUESTS:
            warm = origin.resident_bytes()
    return {
        "requests": served,
        "resident_warm_bytes": warm if warm is not None else origin.resident_bytes(),
        "resident_end_bytes": origin.resident_bytes(),
        "anonymous_bytes": origin.resident_bytes("RssAnon"),
        "index_bytes": origin.metric("millrace_index_bytes"),
    }
