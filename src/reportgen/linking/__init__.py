"""What `reportgen links` does: ask for each source, politely, and note what it says of itself.

The only room that reaches the network for sources. Builds never come here: they read the lock file
(`reading.locked`).
"""
