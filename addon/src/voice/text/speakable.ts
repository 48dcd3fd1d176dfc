/** Signs that are spoken, although they may be drawn as pictures. */
const KEPT = /[©®™‼⁉]/u;
const PICTURES =
  /[\p{Extended_Pictographic}\p{Regional_Indicator}\p{Emoji_Modifier}]|[\u200d\ufe0e\ufe0f\u20e3\u{e0020}-\u{e007f}]/gu;
const ADDRESS = /\b(?:https?:\/\/|www\.)([^\s/?#<>()[\]]+)[^\s<>()[\]]*/gi;
/** What an address ends with belongs to the sentence. */
const LAST_MARKS = /[.,;:!?]+$/;

/**
 * A piece of text as it is to be spoken: without what only marks it (Markdown, HTML) and without pictures. Marks whose
 * other half is in another piece go as well.
 */
export function speakable(text: string): string {
  return (
    text
      // A picture has words of its own, a link those that are shown of it.
      .replace(/!?\[([^\][]*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, '$1')
      .replace(/\]\([^)\s]*\)/g, ' ')
      .replace(/<(https?:\/\/[^>\s]+)>/gi, '$1')
      .replace(/<\/?[a-z][^<>]*>/gi, ' ')
      .replace(ADDRESS, (address, host: string) => {
        const [marks = ''] = LAST_MARKS.exec(address) ?? [];
        return `${host.replace(/^www\./i, '').replace(LAST_MARKS, '')}${marks}`;
      })
      .replace(PICTURES, (sign) => (KEPT.test(sign) ? sign : ''))
      .replace(
        /`+|~~|(?<!\d)\*+(?=\S)|(?<=\S)\*+(?!\d)|(?<![\p{L}\p{N}])_+(?=\S)|(?<=\S)_+(?![\p{L}\p{N}])/gu,
        '',
      )
      .replace(/\\([!-/:-@[-`{-~])/g, '$1')
      .replace(/[\p{Cc}\p{Z}]+/gu, ' ')
      .replace(/ +([.,;:!?])/g, '$1')
      .trim()
  );
}

/** Whether there is anything in it that can be said. */
export const isSayable = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
