const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** What is followed by a full stop and seldom ends a sentence; in small letters, without the stop. */
const ABBREVIATIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  en: words(
    'mr mrs ms dr prof sr jr st rev gen col capt lt sgt gov sen rep hon pres vs etc e.g i.e eg ie cf al approx dept ' +
      'est fig figs no nos vol pp ed eds inc ltd co corp ave blvd rd mt jan feb mar apr jun jul aug sep sept oct nov ' +
      'dec mon tue tues wed thu thur thurs fri sat sun a.m p.m u.s u.k ca min max temp',
  ),
  de: words(
    'dr prof hr fr frl dipl ing mag st nr bzw ca z.b d.h u.a u.ä u.s.w usw etc evtl ggf inkl exkl vgl s abs abb art bd ' +
      'str tel max min mio mrd tsd jh jan feb mär apr jun jul aug sep sept okt nov dez mo di mi do sa so i.d.r o.ä ' +
      'v.a z.t b u d h z a allg bes bspw eigtl entspr geb gest sog std usf uvm zzgl zzt',
  ),
  fr: words(
    'm mm mme mlle dr pr st ste av bd etc cf p pp env éd fig no vol janv févr avr juil sept oct nov déc',
  ),
  es: words('sr sra srta dr dra prof ud uds etc ej p.ej pág págs núm tel av avda ee.uu a.m p.m aprox'),
  it: words('sig sigg dott prof ing avv ecc es p.es pag pagg tel n ca s.p.a fig'),
  nl: words('dhr mevr mw dr prof ir ing drs bijv bv enz nl d.w.z o.a m.b.t i.v.m ca nr blz tel'),
  pt: words('sr sra dr dra prof etc ex p.ex pág núm tel av aprox'),
};

/** Where days and such are written as a number with a full stop. */
const ORDINALS = new Set(['de', 'da', 'no', 'fi', 'pl', 'tr', 'cs', 'hu', 'sv']);

/**
 * Whether the full stop at the end of a text belongs to its last word.
 *
 * @param language code, as in `de`
 */
export function endsInAbbreviation(text: string, language: string): boolean {
  const [, word = ''] = /([\p{L}\p{N}.]+)\.["'”’)\]]*\s*$/u.exec(text) ?? [];
  if (word === '') return false;
  // An initial, as in J. S. Bach.
  if (/^(?:\p{Lu}\.)*\p{Lu}$/u.test(word)) return true;
  if (/^\d{1,2}$/.test(word)) return ORDINALS.has(language);
  return (ABBREVIATIONS[language] ?? ABBREVIATIONS.en)?.has(word.toLowerCase()) ?? false;
}
