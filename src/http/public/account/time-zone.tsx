/** The reader's own time zone: issues that go out at a time of each reader's day go by it. */
import { timeZones } from '../../../model/time-zone.ts';
import type { OwnLink } from './own.ts';
import { Part } from './sections.tsx';
import { accountWords } from './words.ts';

/** `Asia/Ho_Chi_Minh` → `Ho Chi Minh`, below its region. */
const placeOf = (zone: string) => zone.slice(zone.indexOf('/') + 1).replaceAll('_', ' ');

/** Zones by region, as `Asia`. */
const regions = new Map<string, string[]>();
for (const zone of timeZones().filter(each => each.includes('/'))) {
  const region = zone.slice(0, zone.indexOf('/'));
  regions.set(region, [...(regions.get(region) ?? []), zone]);
}

export function TimeZonePart({ link, done }: { link: OwnLink; done: string | undefined }) {
  const { timeZone: text, save } = accountWords[link.lang];
  const own = link.subscriber.timeZone;
  return (
    <Part
      id="time-zone"
      title={text.title}
      now={own ?? text.none(link.publication.timeZone)}
      notice={done === 'time-zone' ? text.saved : undefined}
    >
      <p class="quiet" id="time-zone-hint">
        {text.hint}
      </p>
      <form method="post">
        <input type="hidden" name="action" value="time-zone" />
        <div class="row">
          <select name="zone" aria-labelledby="time-zone-title" aria-describedby="time-zone-hint">
            <option value="" selected={own === null}>
              {text.none(link.publication.timeZone)}
            </option>
            {own !== null && !regions.get(own.split('/')[0]!)?.includes(own) && (
              <option value={own} selected>
                {own}
              </option>
            )}
            {[...regions].map(([region, zones]) => (
              <optgroup label={region}>
                {zones.map(zone => (
                  <option value={zone} selected={zone === own}>
                    {placeOf(zone)}
                  </option>
                ))}
              </optgroup>
            ))}
          </select>
          <button type="submit" class="second">
            {save}
          </button>
        </div>
      </form>
    </Part>
  );
}
