"""From text and SSML to sound: how it is read, and the voices that say it."""
