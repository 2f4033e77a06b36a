"""Printed matter: the record of a session (Berita Acara) as HTML and PDF."""
