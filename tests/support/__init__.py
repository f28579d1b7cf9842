"""What tests stand on: people, factories, servers, worker processes, a browser."""
