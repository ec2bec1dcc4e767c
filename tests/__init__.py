"""The tests, by room; `tests/demo` is the main job, `tests/journeys` drives a browser."""
