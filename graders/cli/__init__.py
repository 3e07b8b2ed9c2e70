"""The ``workbook`` command: one module a subcommand."""
