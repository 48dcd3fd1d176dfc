import type { Language } from '../../../addon/src/homeassistant/fields.ts';

type Both = Readonly<Record<Language, string>>;
interface Tree {
  readonly [key: string]: Both | Tree;
}

const ADDRESS = { en: 'Address', de: 'Adresse' };
const TOKEN = { en: 'Token', de: 'Token' };
const ADDRESS_HELP = {
  en: 'Of Labkeeper’s page, with http and the port, which is 8099 as a rule.',
  de: 'Von Labkeepers Seite, mit http und dem Port, in der Regel 8099.',
};
const TOKEN_HELP = {
  en: 'The one named “homeassistant”, from the page of Labkeeper or the file “token” in its data folder.',
  de: 'Das mit dem Namen „homeassistant“, von Labkeepers Seite oder aus der Datei „token“ in seinem Datenordner.',
};
const ACCESS = {
  data: { url: ADDRESS, token: TOKEN },
  data_description: { url: ADDRESS_HELP, token: TOKEN_HELP },
};

/** What the integration says beside its actions, in both languages; the keys are Home Assistant’s. */
const TEXTS: Tree = {
  title: { en: 'Labkeeper', de: 'Labkeeper' },
  config: {
    flow_title: { en: '{name}', de: '{name}' },
    step: {
      user: {
        title: { en: 'Labkeeper', de: 'Labkeeper' },
        description: { en: 'Where Labkeeper answers.', de: 'Wo Labkeeper antwortet.' },
        ...ACCESS,
      },
      reconfigure: {
        title: { en: 'Labkeeper', de: 'Labkeeper' },
        description: {
          en: 'Where the same Labkeeper answers now.',
          de: 'Wo derselbe Labkeeper jetzt antwortet.',
        },
        ...ACCESS,
      },
      hassio_confirm: {
        title: { en: 'Labkeeper', de: 'Labkeeper' },
        description: {
          en: 'Do you want the actions of the app {app} in Home Assistant?',
          de: 'Sollen die Aktionen der App {app} in Home Assistant zur Verfügung stehen?',
        },
      },
      reauth_confirm: {
        title: { en: 'Another token is needed', de: 'Es braucht ein anderes Token' },
        description: {
          en: '{app} at {url} does not know its token any more.',
          de: '{app} unter {url} kennt das Token nicht mehr.',
        },
        data: { token: TOKEN },
        data_description: { token: TOKEN_HELP },
      },
    },
    error: {
      cannot_connect: {
        en: 'Nobody answers there, or not Labkeeper. Check the address, and whether it runs.',
        de: 'Dort antwortet niemand, oder nicht Labkeeper. Prüfen Sie die Adresse, und ob er läuft.',
      },
      invalid_auth: { en: 'Labkeeper does not know this token.', de: 'Labkeeper kennt dieses Token nicht.' },
      wrong_token: {
        en: 'This token is for other programs. Take the one named “homeassistant”.',
        de: 'Dieses Token ist für andere Programme. Nehmen Sie das mit dem Namen „homeassistant“.',
      },
      api_older: {
        en: 'This Labkeeper is too old for the integration. Update it first.',
        de: 'Dieser Labkeeper ist zu alt für die Integration. Aktualisieren Sie ihn zuerst.',
      },
      api_newer: {
        en: 'This Labkeeper is newer than the integration. Update the integration first.',
        de: 'Dieser Labkeeper ist neuer als die Integration. Aktualisieren Sie zuerst die Integration.',
      },
    },
    abort: {
      already_configured: {
        en: 'This Labkeeper is set up already.',
        de: 'Dieser Labkeeper ist schon eingerichtet.',
      },
      another_app: { en: 'Another Labkeeper answers there.', de: 'Dort antwortet ein anderer Labkeeper.' },
      reauth_successful: { en: 'The new token works.', de: 'Das neue Token funktioniert.' },
      reconfigure_successful: { en: 'Labkeeper answers there.', de: 'Labkeeper antwortet dort.' },
      cannot_connect: { en: 'Labkeeper does not answer yet.', de: 'Labkeeper antwortet noch nicht.' },
      invalid_auth: {
        en: 'Labkeeper does not know its own token.',
        de: 'Labkeeper kennt sein eigenes Token nicht.',
      },
      wrong_token: { en: 'The token is for other programs.', de: 'Das Token ist für andere Programme.' },
      api_older: { en: 'This Labkeeper is too old.', de: 'Dieser Labkeeper ist zu alt.' },
      api_newer: { en: 'The integration is too old.', de: 'Die Integration ist zu alt.' },
    },
  },
  issues: {
    unreachable: {
      title: { en: '{app} does not answer', de: '{app} antwortet nicht' },
      description: {
        en:
          'Nobody has answered at {url} for some minutes, so the actions cannot be used. See whether it runs; if ' +
          'its address changed, reconfigure the integration.',
        de:
          'Unter {url} antwortet seit einigen Minuten niemand, deshalb gehen die Aktionen nicht. Sehen Sie nach, ' +
          'ob es läuft; wenn sich die Adresse geändert hat, konfigurieren Sie die Integration neu.',
      },
    },
    api_older: {
      title: { en: '{app} is too old', de: '{app} ist zu alt' },
      description: {
        en: 'Version {version} of the app does not understand the integration. Update the app.',
        de: 'Version {version} der App versteht die Integration nicht. Aktualisieren Sie die App.',
      },
    },
    api_newer: {
      title: { en: 'The integration is too old for {app}', de: 'Die Integration ist zu alt für {app}' },
      description: {
        en:
          'Version {version} of the app needs a newer integration. Update the integration, then restart Home ' +
          'Assistant.',
        de:
          'Version {version} der App braucht eine neuere Integration. Aktualisieren Sie die Integration und ' +
          'starten Sie Home Assistant neu.',
      },
    },
    mqtt_missing: {
      title: { en: 'MQTT is not set up', de: 'MQTT ist nicht eingerichtet' },
      description: {
        en:
          'The devices and entities of {app} come over MQTT. Set up the MQTT integration with the broker that ' +
          'Labkeeper uses.',
        de:
          'Die Geräte und Entitäten von {app} kommen über MQTT. Richten Sie die MQTT-Integration mit dem Broker ' +
          'ein, den Labkeeper benutzt.',
      },
    },
    resources_yaml: {
      title: { en: 'The card has to be added by hand', de: 'Die Karte muss von Hand eingetragen werden' },
      description: {
        en:
          'The resources of dashboards are written in YAML here. Add this to “resources” under “lovelace”: url: ' +
          '{line}, type: module. Then restart Home Assistant.',
        de:
          'Die Ressourcen der Dashboards stehen hier in YAML. Tragen Sie unter „lovelace“ bei „resources“ ein: ' +
          'url: {line}, type: module. Starten Sie danach Home Assistant neu.',
      },
    },
    doubtful_links: {
      title: {
        en: '{app}: what belongs together is not sure',
        de: '{app}: Was zusammengehört, ist nicht sicher',
      },
      description: {
        en:
          'For {count} things it is not sure what they belong to: {names}. The page of Labkeeper says for each ' +
          'what to do.',
        de:
          'Bei {count} Dingen ist nicht sicher, wozu sie gehören: {names}. Labkeepers Seite sagt bei jedem, was ' +
          'zu tun ist.',
      },
    },
  },
  exceptions: {
    not_set_up: message('No Labkeeper is set up.', 'Es ist kein Labkeeper eingerichtet.'),
    not_loaded: message(
      '{app} cannot be reached at present. See whether it runs.',
      '{app} ist zurzeit nicht erreichbar. Sehen Sie nach, ob es läuft.',
    ),
    entry_unknown: message(
      'No Labkeeper has the config entry {entry}.',
      'Kein Labkeeper hat den Konfigurationseintrag {entry}.',
    ),
    several_apps: message(
      'There are several: {apps}. Say with config_entry_id which one is meant.',
      'Es gibt mehrere: {apps}. Sagen Sie mit config_entry_id, welcher gemeint ist.',
    ),
    target_missing: message(
      'Say with device_id what it is done to.',
      'Sagen Sie mit device_id, womit es geschehen soll.',
    ),
    target_unknown: message(
      'The lab has no “{target}”: no device of Labkeeper, no id and no name.',
      'Das Labor hat kein „{target}“: kein Gerät von Labkeeper, keine Kennung und keinen Namen.',
    ),
    target_ambiguous: message(
      '“{target}” may be any of: {ids}. Give one of these ids.',
      '„{target}“ kann eines hiervon sein: {ids}. Geben Sie eine dieser Kennungen an.',
    ),
    target_unsuitable: message(
      'This cannot be done to {target} ({kind}), only to: {kinds}.',
      'Das geht nicht mit {target} ({kind}), nur mit: {kinds}.',
    ),
    confirm_missing: message(
      '{action} interrupts what runs. If that is meant, give confirm: true.',
      '{action} unterbricht, was läuft. Wenn das so gemeint ist, geben Sie confirm: true an.',
    ),
    token_refused: message(
      'Labkeeper does not know its token any more. Sign in again.',
      'Labkeeper kennt das Token nicht mehr. Melden Sie sich neu an.',
    ),
    unreachable: message('{app} cannot be reached: {reason}', '{app} ist nicht erreichbar: {reason}'),
    refused: message('{target}: refused: {reason}', '{target}: abgelehnt: {reason}'),
    job_failed: message(
      '{target}: it failed: {reason} (job {job})',
      '{target}: fehlgeschlagen: {reason} (Auftrag {job})',
    ),
    job_cancelled: message(
      '{target}: it was cancelled: {reason} (job {job})',
      '{target}: abgebrochen: {reason} (Auftrag {job})',
    ),
    job_unknown: message(
      '{target}: nobody can tell whether it was done: {reason} (job {job})',
      '{target}: Ob es geschehen ist, kann niemand sagen: {reason} (Auftrag {job})',
    ),
    some_failed: message(
      '{failed} of {all} failed: {reasons}',
      '{failed} von {all} sind fehlgeschlagen: {reasons}',
    ),
  },
};

function message(en: string, de: string): Tree {
  return { message: { en, de } };
}

const isText = (value: Both | Tree): value is Both => typeof value.en === 'string';

/** The texts of one language, as Home Assistant’s translations are laid out. */
export const textsIn = (language: Language): Record<string, unknown> => inLanguage(TEXTS, language);

function inLanguage(tree: Tree, language: Language): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      key,
      isText(value) ? value[language] : inLanguage(value, language),
    ]),
  );
}
