"""Home Assistant's English sentences, their perturbed twins, and how both systems are judged."""
