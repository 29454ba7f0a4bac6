/**
 * The sign-up form on another site. It runs on the page of a stranger, so everything lives inside a shadow root, nothing is global, and text
 * only ever becomes text. Called with the settings of `embed.ts`.
 */
s => {
  const here = document.currentScript;
  if (!here) return;
  const make = (name, set, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(set)) element.setAttribute(key, value);
    element.append(...inside);
    return element;
  };
  const host = make('div', { lang: s.lang });
  const root = host.attachShadow({ mode: 'open' });
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(s.css);
    root.adoptedStyleSheets = [sheet];
  } catch {
    root.append(make('style', {}, s.css));
  }
  const email = make('input', {
    ...{ type: 'email', id: 'email', name: 'email', required: '', maxlength: '254', autocomplete: 'email' },
    ...{ placeholder: s.placeholder, 'aria-describedby': 'promise note' },
  });
  const box = make('input', { type: 'checkbox', id: 'box' });
  const trap = make('input', { type: 'text', id: 'trap', tabindex: '-1', autocomplete: 'off' });
  const button = make('button', { type: 'submit' }, s.button);
  const note = make('p', { class: 'note', id: 'note', role: 'status' });
  const form = make(
    'form',
    { lang: s.lang, method: 'post', action: s.url, 'aria-labelledby': 'title' },
    make('p', { class: 'title', id: 'title' }, s.heading),
    make('label', { for: 'email' }, s.label),
    make('div', { class: 'row' }, email, ...(s.box ? [] : [button])),
    // What can be agreed to comes before what sends it.
    ...(s.box ? [make('div', { class: 'agree' }, box, make('label', { for: 'box' }, s.box)), button] : []),
    make('div', { class: 'trap', 'aria-hidden': 'true' }, make('label', { for: 'trap' }, s.trap), trap),
    note,
    make('p', { class: 'quiet', id: 'promise' }, s.promise),
  );
  root.append(form);
  here.after(host);

  let ticket = '';
  const json = s.url.replace(/\/subscribe(?=\?|$)/, '/subscribe.json');
  const ask = () =>
    fetch(json, { credentials: 'omit' })
      .then(answer => answer.json())
      .then(got => {
        ticket = got.ticket;
      })
      .catch(() => {});
  form.addEventListener('focusin', ask, { once: true });
  const link = () => make('a', { href: s.url, target: '_blank', rel: 'noopener' }, s.open);
  const send = async (address, seen) => {
    button.disabled = true;
    try {
      if (!ticket) await ask();
      const answer = await fetch(json, {
        method: 'POST',
        credentials: 'omit',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          ...{ email: address, advertising: box.checked, website: trap.value, ticket, wording: s.wording, seen },
        }),
      });
      const said = await answer.json();
      if (said.status === 'sent') {
        form.replaceChildren(
          make('p', { class: 'title', role: 'status', tabindex: '-1' }, said.title),
          make('p', {}, said.message),
        );
        form.firstChild.focus();
        return;
      }
      note.replaceChildren(said.message);
      if (said.status === 'proof') note.append(' ', link());
      if (said.status === 'again' && said.late) await ask();
      if (said.status === 'hint') {
        for (const [words, value, kind] of [
          [said.take, said.meant, ''],
          [said.keep, said.typed, 'second'],
        ]) {
          const choice = make('button', { type: 'button', class: kind }, words);
          choice.addEventListener('click', () => {
            email.value = value;
            note.replaceChildren();
            send(value, true);
          });
          note.append(make('p', {}, choice));
        }
      }
    } catch {
      note.replaceChildren(link());
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener('submit', event => {
    event.preventDefault();
    send(email.value, false);
  });
};
