"""Runs pytest with Home Assistant loaded first, which the plugin for it does not do."""

import sys
from importlib import import_module

# It puts its own HTTP client in the place of one that plugins of pytest load.
import_module("homeassistant")
logger = import_module("homeassistant.components.logger")
if not hasattr(logger, "_clear_logger_overwrites"):
    # Gone since 2026.11; the newest plugin, for 2026.10, asks for it, and only its own tests call it.
    logger._clear_logger_overwrites = None
sys.path.insert(0, ".")
# Ours, before the plugin's own folder of that name gets in front.
import_module("custom_components")

sys.exit(import_module("pytest").main(["-p", "no:cacheprovider", *sys.argv[1:]]))
