import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Pieces } from '../addon/src/voice/text/pieces.ts';
import { speakable } from '../addon/src/voice/text/speakable.ts';
import { chances } from './helpers/wyoming-fuzz.ts';

function piecesOf(text: string, language = 'en', parts: readonly string[] = [text]): readonly string[] {
  const pieces = new Pieces(language);
  return [...parts.flatMap((part) => pieces.push(part)), ...pieces.end()];
}

const REPORT = `# Status of the rack

Everything is **fine**, apart from two things:

- The backup of \`vm-101\` failed at 3.14 a.m.
- Disk 2 of [the pool](http://pve.lan:8006/#v1:0) has errors. 🙁

\`\`\`sh
zpool status -v
\`\`\`

| disk | errors |
|------|--------|
| sda  | 0      |
| sdb  | 17     |

Dr. Smith says: replace it soon. Who wants to know more looks at https://docs.lab/zfs?page=2.`;

describe('a text that is to be spoken', () => {
  it('is cut at its sentences, and not at abbreviations, decimals, dates and initials', () => {
    assert.deepEqual(piecesOf('Dr. Smith and J. S. Bach met at 3.30 p.m. in St. Ives. It cost 4.50 euros.'), [
      'Dr. Smith and J. S. Bach met at 3.30 p.m. in St. Ives.',
      'It cost 4.50 euros.',
    ]);
    assert.deepEqual(
      piecesOf(
        'Am 3. Mai war z. B. Prof. Dr. Müller ca. 2 Std. da. Er sagte: „Alles gut.“ Danke für alles!',
        'de',
      ),
      ['Am 3. Mai war z. B. Prof. Dr. Müller ca. 2 Std. da.', 'Er sagte: „Alles gut.“', 'Danke für alles!'],
    );
    assert.deepEqual(piecesOf('今日は晴れです。明日は雨でしょう。傘を忘れないで。', 'ja'), [
      '今日は晴れです。',
      '明日は雨でしょう。',
      '傘を忘れないで。',
    ]);
  });

  it('is the same pieces, wherever it was cut on its way', () => {
    const chance = chances(7);
    for (const [text, language] of [
      [REPORT, 'en'] as const,
      ['Um 9 Uhr. Am 3. Mai. Gut, oder? Na ja …', 'de'] as const,
    ]) {
      const whole = piecesOf(text, language);
      for (let run = 0; run < 200; run += 1) {
        const parts: string[] = [];
        for (let at = 0; at < text.length; ) {
          const length = 1 + Math.floor(chance() * 12);
          parts.push(text.slice(at, at + length));
          at += length;
        }
        assert.deepEqual(piecesOf(text, language, parts), whole, parts.join('|'));
      }
    }
  });

  it('is said without its Markdown, code and pictures, items and cells each by themselves', () => {
    assert.deepEqual(piecesOf(REPORT), [
      'Status of the rack.',
      'Everything is fine, apart from two things:',
      'The backup of vm-101 failed at 3.14 a.m.',
      'Disk 2 of the pool has errors.',
      'disk, errors. sda, 0.',
      'sdb, 17. Dr. Smith says: replace it soon.',
      'Who wants to know more looks at docs.lab.',
    ]);
  });

  it('begins with a short piece, so that it is heard soon', () => {
    const [first = '', ...rest] = piecesOf(
      'Although the temperature has risen, nothing has failed so far, and nobody has to get up tonight, as far as can be told from here and now.',
    );
    assert.ok(first.length <= 90 && first.endsWith(','), first);
    assert.equal(rest.length, 1, 'and the rest of the sentence is one');
  });

  it('begins before its first sentence has ended, if that takes long', () => {
    const pieces = new Pieces('en');
    const begun = [
      ...'Although the temperature in the rack has risen, nothing at all has failed so far '.repeat(3),
    ].flatMap((letter) => pieces.push(letter));
    assert.deepEqual(begun, ['Although the temperature in the rack has risen,']);
  });

  it('is said as soon as the next sentence has begun', () => {
    const pieces = new Pieces('en');
    assert.deepEqual(pieces.push('The first sentence is over. '), [], 'a small letter could follow');
    assert.deepEqual(pieces.push('N'), ['The first sentence is over.']);
    assert.deepEqual(
      pieces.end(),
      ['N'].map((rest) => `${rest}.`),
    );
  });

  it('joins what is too short to be said by itself with what comes next', () => {
    assert.deepEqual(piecesOf('Yes. No. The door of the garage is open.'), [
      'Yes. No. The door of the garage is open.',
    ]);
    assert.deepEqual(piecesOf('Yes.'), ['Yes.']);
  });

  it('is never more at a time than a model can say, and loses no word', () => {
    const long = Array.from({ length: 400 }, (_, at) => `word${at}`).join(' ');
    const pieces = piecesOf(long);
    assert.ok(pieces.every((piece) => piece.length <= 281));
    assert.equal(pieces.join(' '), `${long}.`);
    const one = piecesOf('🙂a'.repeat(1_000).replaceAll('🙂', '𝒳'));
    assert.equal(one.join(''), `${'𝒳a'.repeat(1_000)}.`);
  });

  it('takes no longer for a text that somebody made to be slow', () => {
    for (const text of [
      'a. '.repeat(60_000),
      '['.repeat(100_000),
      '*_'.repeat(60_000),
      '<a'.repeat(60_000),
      'x'.repeat(200_000),
    ])
      piecesOf(text);
  });

  it('is nothing where there is nothing to be said', () => {
    for (const text of ['', '   \n\n', '🎉🎉', '***', '```\ncode\n```', '---', '…'])
      assert.deepEqual(piecesOf(text), [], text);
  });

  it('keeps what is meant to be said', () => {
    assert.equal(
      speakable('It is 21 °C & 50 % * 2, © Lab™ [laugh] snake_case 5*3'),
      'It is 21 °C & 50 % * 2, © Lab™ [laugh] snake_case 5*3',
    );
    assert.equal(
      speakable('See https://www.example.org/a?b=c, or <https://x.lab>!'),
      'See example.org, or x.lab!',
    );
    assert.equal(speakable('<b>Now</b> 👨‍👩‍👧 and 🇩🇪 and 1️⃣ done'), 'Now and and 1 done');
    assert.equal(speakable('![Plan](a.png "t") of _all_ **things** ~~not~~'), 'Plan of all things not');
  });
});
