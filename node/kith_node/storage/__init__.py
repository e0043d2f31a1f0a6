"""Opening the databases, migrations, transactions, the one writer of each file."""
