/** What `doctor` finds, by group; what is wrong stands open. */
import { examine } from '../../../doctor/doctor.ts';
import type { Finding, State } from '../../../doctor/finding.ts';
import { isToCopy, say } from '../../../doctor/say.ts';
import { Memo } from '../../../memo.ts';
import type { Wiring } from '../../../wiring.ts';
import { Icon, type IconName } from '../../icons.tsx';
import type { View } from './view.tsx';

/** DNS and relays are asked this often at most, however many look. */
const keptMs = 120_000;

export interface Examined {
  at: Date;
  findings: Finding[];
}

export class Examination {
  readonly #memo = new Memo<'', Examined>(1, keptMs);

  get(wiring: Wiring): Promise<Examined> {
    return this.#memo.get('', async () => ({
      findings: await examine(wiring.config, wiring, undefined),
      at: new Date(),
    }));
  }
}

const icons: Record<State, IconName> = { ok: 'done', warn: 'alert', fail: 'alert', 'not applicable': 'draft' };
const classes: Record<State, string> = { ok: 'sent', warn: 'held', fail: 'failed', 'not applicable': '' };

export function Health({ view, of }: { view: View; of: Examined }) {
  const { words, time } = view;
  // Said when shown: what is kept is for readers of either language.
  const findings = of.findings.map(one => say(one, view.c.get('language')));
  const groups = [...new Set(findings.map(one => one.group))];
  return (
    <div id="health">
      <p class="quiet small">{words.healthAt(time(of.at))}</p>
      {groups.map(group => {
        const all = findings.filter(one => one.group === group);
        const bad = all.filter(one => one.state === 'fail' || one.state === 'warn');
        return (
          <details class="operate-group" open={bad.length > 0}>
            <summary>
              {group}{' '}
              <span class="quiet small">
                {bad.length > 0
                  ? bad.map(one => words.states[one.state]).join(', ')
                  : words.allWell(all.filter(one => one.state === 'ok').length)}
              </span>
            </summary>
            <dl>
              {all.map(({ check, state, found, fix }) => (
                <div>
                  <dt>
                    <span class={`state ${classes[state]}`}>
                      <Icon name={icons[state]} />
                      <span class="hidden">{words.states[state]}</span>
                      {check}
                    </span>
                  </dt>
                  <dd>
                    {found}
                    {fix.map(line => (isToCopy(line) ? <pre>{line}</pre> : <p>{line}</p>))}
                  </dd>
                </div>
              ))}
            </dl>
          </details>
        );
      })}
    </div>
  );
}
