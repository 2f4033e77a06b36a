"""Staff who log in with a password and a second factor: the rules; rows are kept in store/accounts.py."""
