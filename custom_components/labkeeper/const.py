"""What the parts of the integration share."""

import logging
from typing import TYPE_CHECKING, Final

from homeassistant.exceptions import HomeAssistantError

if TYPE_CHECKING:
    import probatio as vol
else:
    # Since 2026.11 the same thing by its former name, which older ones know alone.
    import voluptuous as vol

DOMAIN: Final = "labkeeper"
MQTT_DOMAIN: Final = "mqtt"
LOGGER: Final = logging.getLogger(__package__)

API_VERSION: Final = 1
"""The version of the app's API that this integration speaks."""

__all__ = ["API_VERSION", "DOMAIN", "LOGGER", "MQTT_DOMAIN", "translated", "vol"]


def translated[T: HomeAssistantError](error: type[T], key: str, **placeholders: str) -> T:
    """Make an error that Home Assistant says in the user's language."""
    return error(translation_domain=DOMAIN, translation_key=key, translation_placeholders=placeholders)
