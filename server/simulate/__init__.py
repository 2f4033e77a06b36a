"""`pleno simulate`: synthetic halls and delegates that join a running server as real ones do.

main.py reads the command line and runs everybody; member.py is what halls and delegates share (pass, socket, sync,
reconnect); delegates.py votes; halls.py publishes pictures and sound through
`async def prepare(http, url, holders, *, lively) -> list[Awaitable[None]]` (one endless run a hall, each on a Member).
"""
