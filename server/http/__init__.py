"""What the server answers over plain HTTP: one module a noun, wired together in routes.py."""
