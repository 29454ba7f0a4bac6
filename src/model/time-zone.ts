/** Time zones as readers and editors name them: IANA names, each zone under one name. */

/**
 * Zones whose name changed and which ICU still calls by the old one: old → new, as the IANA database has them. Both are taken, the new one is
 * kept, so that a zone has one name in rows and in lists.
 */
const renamed: Readonly<Record<string, string>> = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/** Longest name taken; the longest there is has 32 characters. */
export const maxTimeZone = 64;

/**
 * The zone of this name, in any letter case, old names included; as it is kept.
 * @returns undefined when there is none; offsets such as +09:00 are none, since they know no summer time
 */
export function timeZoneOf(text: string): string | undefined {
  const name = text.trim();
  if (name.length > maxTimeZone || !/^[A-Za-z]/.test(name)) return undefined;
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    return renamed[known] ?? known;
  } catch {
    return undefined;
  }
}

let all: readonly string[] | undefined;

/** All zones to choose from, by name. */
export function timeZones(): readonly string[] {
  all ??= [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone').map(zone => renamed[zone] ?? zone)])].sort();
  return all;
}
