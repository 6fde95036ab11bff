"""What the tests stand on: a real server, a real Socket.IO client, a real browser."""
