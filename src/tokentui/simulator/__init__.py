"""The systems' APIs in memory on loopback: for the demo, for tests and for other programs.

It imports nothing else of tokentui, so that it cannot share an adapter's misreading.
"""
