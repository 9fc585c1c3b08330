"""A storm over a whole newsroom: real processes, brokers and databases, killed, stopped, emptied and restarted."""
