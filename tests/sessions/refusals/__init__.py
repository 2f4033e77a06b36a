"""What each command refuses: one file a command. `test_complete.py` holds them against docs/protocol.md."""
