import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** An integration of two players that only write down what they were given: one that announces, and one that cannot. */
export const SPEAKERS_YAML = `
media_player:
  - platform: lab_speakers
`;

const MANIFEST = {
  ...{ domain: 'lab_speakers', name: 'Lab speakers', codeowners: [], documentation: 'https://example.com' },
  ...{ integration_type: 'device', iot_class: 'calculated', requirements: [], version: '1.0.0' },
};

const PLATFORM = `"""Players that write down what they were given."""

from homeassistant.components.media_player import (
    MediaPlayerEntity,
    MediaPlayerEntityFeature as Feature,
    MediaPlayerState,
)


async def async_setup_platform(hass, config, async_add_entities, discovery_info=None):
    """Two players."""
    plain = Feature.PLAY_MEDIA | Feature.VOLUME_SET
    async_add_entities(
        [
            LabSpeaker("kitchen", plain | Feature.MEDIA_ANNOUNCE, 0.25),
            LabSpeaker("radio", plain, 0.5),
        ]
    )


class LabSpeaker(MediaPlayerEntity):
    """Plays nothing, and remembers all of it."""

    _attr_should_poll = False
    _attr_state = MediaPlayerState.IDLE

    def __init__(self, name, features, volume):
        """Begin with nothing."""
        self._attr_name = f"Lab {name}"
        self._attr_unique_id = name
        self._attr_supported_features = features
        self._attr_volume_level = volume
        self._given = []

    @property
    def extra_state_attributes(self):
        """All that it was given, with the volume that it had then."""
        return {"given": list(self._given)}

    async def async_set_volume_level(self, volume):
        """Set the volume."""
        self._attr_volume_level = volume
        self._given.append(f"volume {volume:.2f}")
        self.async_write_ha_state()

    async def async_play_media(self, media_type, media_id, **kwargs):
        """Write it down."""
        if "refuse" in media_id:
            raise ValueError("it does not play that")
        self._given.append(
            f"{'announce' if kwargs.get('announce') else 'play'} at {self._attr_volume_level:.2f}: {media_id}"
        )
        self.async_write_ha_state()
`;

/** Puts them into Home Assistant's folder. */
export async function addSpeakers(folder: string): Promise<void> {
  const own = path.join(folder, 'custom_components', 'lab_speakers');
  await mkdir(own, { recursive: true });
  await writeFile(path.join(own, 'manifest.json'), JSON.stringify(MANIFEST));
  await writeFile(path.join(own, '__init__.py'), '"""Players that write down what they were given."""\n');
  await writeFile(path.join(own, 'media_player.py'), PLATFORM);
}
