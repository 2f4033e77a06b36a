"""Pages for anybody, made here so that they work without scripts and on paper."""
