"""The command line: one command a file. Only this layer prints, and only it knows exit codes."""
