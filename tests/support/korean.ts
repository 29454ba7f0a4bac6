/** Whether a text for Korean readers still says something in English. */

/**
 * Three words in a row of Latin letters are a sentence: names of settings, records and programs stand alone or in pairs.
 * @param kept what stays as it is in every language: names, records, a server's reply
 */
export function englishIn(text: string, kept: readonly string[] = []): string | undefined {
  const own = [...kept]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, each) => (each ? rest.split(each).join('◇') : rest), text);
  return /\b[a-z]+(?:’[a-z]+)?(?:[ ,;:]+[a-z]+(?:’[a-z]+)?){2,}/i.exec(own)?.[0];
}
