"""The places of the program, one class a file."""
