/** Findings of `doctor` on a page, in its language. */
import type { Finding, State } from '../../../doctor/finding.ts';
import { isToCopy, type SaidFinding, say } from '../../../doctor/say.ts';
import { Icon, type IconName } from '../../icons.tsx';
import type { ConsoleContext } from '../context.ts';
import { settingsWords } from './words.ts';

const icons: Record<State, IconName> = { ok: 'done', warn: 'alert', fail: 'cancelled', 'not applicable': 'pause' };
const styles: Record<State, string> = { ok: 'sent', warn: 'held', fail: 'settings-fail', 'not applicable': '' };

export function Findings({ c, findings }: { c: ConsoleContext; findings: readonly Finding[] }) {
  const said = findings.map(each => say(each, c.get('language')));
  const groups = [...new Set(said.map(({ group }) => group))];
  return (
    <>
      {groups.map(group => (
        <section class="part">
          <h2>{group}</h2>
          <ul class="settings-findings sheet">
            {said
              .filter(each => each.group === group)
              .map(finding => (
                <One c={c} finding={finding} />
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function One({ c, finding }: { c: ConsoleContext; finding: SaidFinding }) {
  const words = settingsWords(c);
  const { check, state, found, fix } = finding;
  return (
    <li>
      <span class={`state ${styles[state]}`}>
        <Icon name={icons[state]} />
        {words.findingStates[state]}
      </span>
      <div>
        <p>
          <strong>{check}</strong>
        </p>
        <p class="quiet small">{found}</p>
        {fix.map(line =>
          isToCopy(line) ? (
            <div class="settings-record">
              <code>{line}</code>
              <button type="button" data-copy={line} data-copied={words.copied} hidden>
                {words.copy}
              </button>
            </div>
          ) : (
            <p class="small">{line}</p>
          ),
        )}
      </div>
    </li>
  );
}
