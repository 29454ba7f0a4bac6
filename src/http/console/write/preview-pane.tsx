/** The e-mail beside the text, and how it is looked at. */
import { Icon, type IconName } from '../../icons.tsx';
import type { WriteWords } from './words.ts';

export function PreviewPane({ words, url }: { words: WriteWords; url: string }) {
  const choice = (group: string, value: string, label: string, icon: IconName, pressed: boolean) => (
    <button type="button" data-group={group} data-value={value} aria-pressed={pressed} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
  return (
    <section class="w-preview" id="preview" aria-label={words.preview} data-kind="mail">
      <div class="w-tools w-live">
        <fieldset class="w-switch" aria-label={words.width}>
          {choice('width', 'desktop', words.desktop, 'monitor', false)}
          {choice('width', 'phone', words.phone, 'phone', true)}
        </fieldset>
        <fieldset class="w-switch" aria-label={words.colours}>
          {choice('scheme', 'light', words.light, 'sun', true)}
          {choice('scheme', 'dark', words.dark, 'moon', false)}
        </fieldset>
        <fieldset class="w-switch" aria-label={words.preview}>
          {choice('kind', 'mail', words.mail, 'mail', true)}
          {choice('kind', 'text', words.plain, 'text', false)}
        </fieldset>
        <label class="w-as">
          <span class="hidden">{words.as}</span>
          <select id="w-as">
            <option value="neutral">{words.neutral}</option>
            <option value="example">{words.example}</option>
            <option value="other">{words.other}</option>
          </select>
        </label>
      </div>
      <div id="w-find" class="w-find" hidden>
        <label class="hidden" for="w-words">
          {words.findReader}
        </label>
        <input
          id="w-words"
          type="search"
          placeholder={words.findReader}
          aria-describedby="w-words-hint"
          autocomplete="off"
        />
        <span id="w-words-hint" class="quiet small">
          {words.findReaderHint}
        </span>
        <ul id="w-readers" />
      </div>
      <dl class="w-letter">
        <dt class="hidden">{words.client.subject}</dt>
        <dd id="w-subject" />
        <dt class="hidden">{words.client.preheader}</dt>
        <dd id="w-preheader" class="quiet small" />
      </dl>
      <div class="w-stage" id="w-stage">
        <iframe
          id="mail"
          title={words.frame}
          sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
          src={`${url}/mail`}
        />
      </div>
      <section class="w-plain" aria-label={words.plain} tabindex={0}>
        <pre id="w-plain" />
      </section>
      <div class="w-size small w-live">
        <svg id="w-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
          <rect class="ground" width="100" height="4" />
          <rect class="filled" width="0" height="4" />
        </svg>
        <span id="w-bytes" title={words.sizeLine} />
      </div>
    </section>
  );
}
