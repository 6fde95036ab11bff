"""The contract, sentence by sentence, against a server that is a process of its own."""
