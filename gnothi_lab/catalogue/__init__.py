"""How true our catalogue is, and how well listening predicts listening."""
