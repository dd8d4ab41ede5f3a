"""MQTT in Home Assistant's dialect, in both directions.

``discovery`` reads what other devices announce, ``components`` knows how each kind of them is
told what to do and how it tells its state, ``announce`` makes our simulated devices visible to
Home Assistant, and ``bridge`` holds the connection.
"""

from gnothi.home.mqtt.bridge import Bridge

__all__ = ["Bridge"]
