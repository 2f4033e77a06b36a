"""`pleno doctor`: looks at everything a plenary needs, and says in words what is wrong and what to do."""
