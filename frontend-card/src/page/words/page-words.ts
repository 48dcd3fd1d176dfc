import { TEXTS } from './texts.ts';

export type PageKey = keyof typeof TEXTS;

interface Declared {
  readonly title?: string;
  readonly description?: string;
}

/** What the page says, beside the words of the views. */
export class PageWords {
  readonly language: 'en' | 'de';

  constructor(language: string) {
    this.language = language.slice(0, 2).toLowerCase() === 'de' ? 'de' : 'en';
  }

  /** `{name}` stands for what is put in. */
  say(key: PageKey, put: Readonly<Record<string, string | number>> = {}): string {
    const [english, german] = TEXTS[key];
    const text = this.language === 'de' ? german : english;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(put[name] ?? whole));
  }

  /** Words for one of several values; the value itself where there are none. */
  of(kind: string, value: string): string {
    const key = `${kind}_${value}`;
    return Object.hasOwn(TEXTS, key) ? this.say(key as PageKey) : value.replaceAll('_', ' ');
  }

  /** Title and description of what the app declares, in this language. */
  declared(one: Declared & { readonly de?: Declared }): Required<Declared> {
    const own = this.language === 'de' ? one.de : undefined;
    return {
      title: own?.title ?? one.title ?? '',
      description: own?.description ?? one.description ?? '',
    };
  }
}
