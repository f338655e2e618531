// What htmx and HTML alone do not: completing what is typed, one menu for all messages, telling that nobody answers.

const completions = JSON.parse(document.getElementById('completions')?.textContent ?? '{}');
/** Choices shown at once. */
const choicesMax = 8;

// --- the composer -------------------------------------------------------------------------------------------------

/** What may be completed before the caret: the word typed so far, and what it may become. */
function wordBefore(area) {
  const text = area.value.slice(0, area.selectionStart);
  const isReply = area.id === 'compose-reply';
  const command = /^\/\S*$/.exec(text);
  if (command && !isReply) return { word: command[0], offers: completions.commands };
  const sub = /^(\/\S+)\s+(\S*)$/.exec(text);
  const isKnown = sub && completions.commands.some((one) => one.text === sub[1]);
  if (isKnown && !isReply && !sub[2].startsWith('@'))
    return { word: sub[2], offers: completions.subcommands };
  const name = /(?:^|\s)([@#][\w.-]*)$/.exec(text);
  if (name)
    return { word: name[1], offers: name[1].startsWith('@') ? completions.people : completions.channels };
  return null;
}

const listOf = (area) => document.getElementById(area.getAttribute('aria-controls'));
const optionsOf = (area) => [...listOf(area).children];
const activeOf = (area) => optionsOf(area).find((option) => option.getAttribute('aria-selected') === 'true');

function activate(area, option) {
  for (const one of optionsOf(area)) one.setAttribute('aria-selected', String(one === option));
  if (option) area.setAttribute('aria-activedescendant', option.id);
  else area.removeAttribute('aria-activedescendant');
  option?.scrollIntoView({ block: 'nearest' });
}

function closeChoices(area) {
  const list = listOf(area);
  list.hidden = true;
  list.replaceChildren();
  area.removeAttribute('aria-activedescendant');
}

function offer(area) {
  const found = wordBefore(area);
  const fits = found ? found.offers.filter(({ text }) => text.startsWith(found.word)) : [];
  if (fits.length === 0) return closeChoices(area);
  const list = listOf(area);
  const shown = found.word === '' ? fits : fits.slice(0, choicesMax);
  list.replaceChildren(...shown.map((one, at) => optionFor(area, one, at)));
  list.hidden = false;
  // Enter sends what is complete, and completes what is not.
  const isComplete = found.word === '' || fits.some(({ text }) => text === found.word);
  activate(area, isComplete ? null : list.firstElementChild);
}

/** While the words of a subcommand are typed, the line below says what they mean. */
function hint(area) {
  const [, command, word] = /^(\/\S+)\s+(\S+)\s/.exec(area.value) ?? [];
  const sub = completions.commands.some((one) => one.text === command)
    ? completions.subcommands.find((one) => one.text === word)
    : undefined;
  const note = area.form.querySelector('.compose-row .note');
  note.dataset.plain ??= note.textContent;
  note.textContent = sub ? `${command} ${sub.text} ${sub.hint}` : note.dataset.plain;
}

function optionFor(area, { text, hint, about }, at) {
  const option = document.createElement('div');
  option.id = `${area.id}-choice-${at}`;
  option.role = 'option';
  option.dataset.text = text;
  const name = document.createElement('b');
  name.textContent = text;
  const words = document.createElement('span');
  words.className = 'note';
  words.textContent = [hint, about].filter(Boolean).join(' — ');
  option.append(name, ' ', words);
  return option;
}

function choose(area, option) {
  const { word } = wordBefore(area);
  const at = area.selectionStart;
  area.setRangeText(`${option.dataset.text} `, at - word.length, at, 'end');
  offer(area);
  hint(area);
}

function keyInComposer(event) {
  const area = event.target;
  const options = optionsOf(area);
  const isOpen = options.length > 0;
  const active = activeOf(area);
  if (isOpen && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
    const step = event.key === 'ArrowDown' ? 1 : -1;
    const from = active ? options.indexOf(active) : step > 0 ? -1 : 0;
    activate(area, options[(from + step + options.length) % options.length]);
    event.preventDefault();
  } else if (isOpen && event.key === 'Escape') {
    closeChoices(area);
  } else if (isOpen && event.key === 'Tab' && !event.shiftKey && (active || wordBefore(area)?.word)) {
    choose(area, active ?? options[0]);
    event.preventDefault();
  } else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (active) choose(area, active);
    else area.form.requestSubmit();
  }
}

document.addEventListener('input', (event) => {
  if (!event.target.matches?.('[data-compose]')) return;
  offer(event.target);
  hint(event.target);
});
document.addEventListener('keydown', (event) => {
  if (event.target.matches?.('[data-compose]')) keyInComposer(event);
});
document.addEventListener('focusout', (event) => {
  if (event.target.matches?.('[data-compose]')) closeChoices(event.target);
});
// Before the composer loses the focus to it.
document.addEventListener('mousedown', (event) => {
  const option = event.target.closest?.('.choices [role=option]');
  if (!option) return;
  event.preventDefault();
  choose(option.closest('form').querySelector('[data-compose]'), option);
});

// --- the menu of a message ----------------------------------------------------------------------------------------

const menu = document.getElementById('menu');

/** Below its button, and wholly on the screen. */
function placeMenu(button) {
  const { bottom, right } = button.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(right - width, innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(bottom + 4, innerHeight - height - 8))}px`;
}

async function openMenu(button) {
  await htmx.ajax('GET', button.dataset.menu, { target: '#menu', swap: 'innerHTML' });
  menu.showPopover({ source: button });
  placeMenu(button);
  menu.querySelector('button, a')?.focus();
  // It grows when the form to edit opens in it.
  for (const fold of menu.querySelectorAll('details')) {
    fold.addEventListener('toggle', () => {
      placeMenu(button);
      if (fold.open) fold.querySelector('textarea')?.focus();
    });
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest?.('[data-menu]');
  if (button) void openMenu(button);
});

// --- unread in the title of the tab ----------------------------------------------------------------------------------

const plainTitle = document.querySelector('title').dataset.plain;
const channels = document.getElementById('channels');

function countInTitle() {
  const unread = Number(channels.dataset.unread);
  document.title = unread === 0 ? plainTitle : `(${unread > 99 ? '99+' : unread}) ${plainTitle}`;
}
new MutationObserver(countInTitle).observe(channels, { attributeFilter: ['data-unread'] });

// --- answers, and the lack of them --------------------------------------------------------------------------------

const offline = document.getElementById('offline');

document.addEventListener('htmx:after:request', ({ detail }) => {
  const source = detail.ctx?.sourceElement;
  if (!source?.matches || !detail.ctx.response?.raw?.ok) return;
  const area = source.matches('form.compose') ? source.querySelector('[data-compose]') : null;
  if (area) {
    area.value = '';
    closeChoices(area);
    hint(area);
    const broadcast = source.querySelector('[name=broadcast]');
    if (broadcast) broadcast.checked = false;
  }
  if (menu.contains(source)) menu.hidePopover();
});
document.addEventListener('htmx:error', ({ detail }) => {
  if (!detail.ctx?.response) offline.hidden = false;
});
document.addEventListener('htmx:sse:error', () => {
  offline.hidden = false;
});
document.addEventListener('htmx:sse:after:connection', () => {
  offline.hidden = true;
});
document.getElementById('live').addEventListener('other-world', (event) => {
  location.assign(event.currentTarget.dataset.home);
});
