"""The home: devices and their state, services, history, and which device a sentence means."""
