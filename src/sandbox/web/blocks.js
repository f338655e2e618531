/**
 * Blocks in the browser: what htmx has no word for. Tells the sandbox what was pressed, chosen and typed; opens menus,
 * questions and the modal. What comes of it arrives by the live stream.
 */

/** Typing rests this long before it is kept; a date before it counts as chosen. */
const restMs = 350;
const dateRestMs = 900;
const away = 'The sandbox does not answer. Try again?';

/** Controls that somebody changed: a live update leaves what they hold alone. */
const touched = new WeakSet();
/** Elements whose act is under way. */
const busy = new Set();
const timers = new WeakMap();
let before = null;

const base = () => location.pathname.split('/').slice(0, 3).join('/');

async function send(path, form) {
  try {
    const response = await fetch(`${base()}/${path}`, { method: 'POST', body: form });
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    if (response.ok) return isJson ? (await response.json()).failed : null;
    return isJson ? (await response.json()).failed : await response.text();
  } catch {
    return away;
  }
}

/** Does it once at a time; the control says that it is under way. Returns what went wrong, or null. */
async function once(holder, controls, deed) {
  if (busy.has(holder)) return null;
  busy.add(holder);
  for (const control of controls) {
    control.setAttribute('aria-busy', 'true');
    control.setAttribute('aria-disabled', 'true');
  }
  try {
    return await deed();
  } finally {
    busy.delete(holder);
    for (const control of controls) {
      control.removeAttribute('aria-busy');
      control.removeAttribute('aria-disabled');
    }
  }
}

function say(holder, failed) {
  holder.querySelector(':scope > .bk-failed')?.remove();
  if (!failed || !holder.isConnected) return;
  const words = document.createElement('span');
  words.className = 'bk-failed';
  words.setAttribute('role', 'alert');
  words.textContent = `⚠ ${failed}`;
  holder.append(words);
}

/** Tells what was pressed or chosen in this element, with all that stands in its modal. */
async function act(holder, values, control) {
  if (!(await confirmed(holder))) return false;
  const modal = holder.closest('form[action]');
  const form = modal ? new FormData(modal) : new FormData();
  form.set('spot', holder.dataset.spot);
  form.delete('value');
  for (const value of values) form.append('value', value);
  const failed = await once(holder, [control], () => send('press', form));
  say(holder, modal ? null : failed);
  return true;
}

/** Asks first where the element wants that. */
function confirmed(holder) {
  const dialog = holder.querySelector(':scope > dialog.bk-confirm');
  if (!dialog) return Promise.resolve(true);
  return new Promise((resolve) => {
    dialog.returnValue = '';
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'yes'), { once: true });
    dialog.showModal();
    dialog.querySelector('[data-answer=yes]').focus();
  });
}

/** The values that the controls of an element hold. */
function valuesIn(holder) {
  const fields = [...holder.querySelectorAll('select, textarea, input:not([type=hidden], [type=search])')];
  return fields
    .filter((field) => !/^(radio|checkbox)$/.test(field.type) || field.checked)
    .map((field) => field.value);
}

const after = (key, ms, run) => {
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => run(), ms),
  );
};

function keep(form) {
  clearTimeout(timers.get(form));
  void send('modal/keep', new FormData(form));
}

/* Buttons, menus, questions */

document.addEventListener('click', (event) => {
  const target = event.target.closest?.('[data-press], [data-opens-menu], [data-answer], [data-leave]');
  if (!target) return;
  if (target.dataset.answer) target.closest('dialog').close(target.dataset.answer);
  else if (target.dataset.leave) void leave(target.closest('dialog.bk-modal'), target.dataset.leave);
  else if (target.dataset.opensMenu === undefined) press(event, target);
  else showMenu(target);
});

function press(event, target) {
  const holder = target.closest('[data-spot]');
  const menu = target.closest('.bk-menu');
  const value = target.dataset.press;
  const asks = holder.querySelector(':scope > dialog.bk-confirm') !== null;
  if (target.href && asks) event.preventDefault();
  menu?.hidePopover();
  const shown = menu ? holder.querySelector('[data-opens-menu]') : target;
  void act(holder, menu ? [value] : [], shown).then((isDone) => {
    if (isDone && asks && target.href) window.open(target.href, '_blank', 'noopener');
  });
}

function showMenu(opener) {
  const menu = opener.parentElement.querySelector('.bk-menu');
  menu.showPopover();
  const from = opener.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const isLow = from.bottom + height + 8 > innerHeight;
  menu.style.top = `${isLow ? Math.max(8, from.top - height - 4) : from.bottom + 4}px`;
  menu.style.left = `${Math.max(8, Math.min(from.left, innerWidth - width - 8))}px`;
  menu.querySelector('[role=menuitem]')?.focus();
}

document.addEventListener(
  'toggle',
  (event) => {
    const menu = event.target;
    if (menu.classList?.contains('bk-menu')) {
      const isOpen = event.newState === 'open';
      menu.parentElement.querySelector('[data-opens-menu]').setAttribute('aria-expanded', String(isOpen));
    }
    if (menu.classList?.contains('bk-list')) listToggled(menu);
  },
  true,
);

/* Choosing */

document.addEventListener('change', (event) => {
  const field = event.target;
  const holder = field.closest?.('[data-spot]');
  if (!holder || field.type === 'search') return;
  touched.add(field);
  const form = field.closest('form[action]');
  if (form) keep(form);
  const list = field.closest('.bk-list');
  if (list) return chosenInList(list, field);
  const { choose } = holder.dataset;
  if (choose === undefined || field.dataset.dispatch !== undefined) return;
  if (/^date|^time/.test(choose)) after(holder, dateRestMs, () => sendDate(holder, field));
  else void chooseNow(holder, field);
});

function sendDate(holder, field) {
  // Half a year typed is a date too, of the first centuries.
  if (field.value === '' || /^0/.test(field.value.split('T')[0].slice(0, 4).padStart(4, '0'))) {
    if (holder.dataset.choose !== 'timepicker') return;
  }
  void chooseNow(holder, field);
}

async function chooseNow(holder, field) {
  if (!(await act(holder, valuesIn(holder), field))) undo(holder);
}

/** What was chosen and not confirmed is taken back. */
function undo(holder) {
  for (const field of holder.querySelectorAll('select, input:not([type=hidden])')) {
    touched.delete(field);
    if (field.tagName === 'SELECT') {
      const initial = [...field.options].findIndex((option) => option.defaultSelected);
      field.selectedIndex = Math.max(0, initial);
    } else if (/^(radio|checkbox)$/.test(field.type)) field.checked = field.defaultChecked;
    else field.value = field.defaultValue;
  }
}

/* Lists that open: several things, or things that the app is asked for */

function chosenInList(list, field) {
  const max = Number(list.dataset.max ?? Number.POSITIVE_INFINITY);
  const ticked = list.querySelectorAll('input:checked');
  if (ticked.length > max) {
    field.checked = false;
    tell(list, `Choose at most ${max}.`);
    return;
  }
  tell(list, '');
  showChosen(list);
  list.isChanged = true;
  if (field.type === 'radio') list.open = false;
}

function showChosen(list) {
  const words = [...list.querySelectorAll('input:checked')].map((input) => wordsOf(input)).join(', ');
  list.querySelector('summary').textContent = words || list.dataset.empty;
}

const wordsOf = (input) => input.closest('label').querySelector('span').firstChild.textContent.trim();

const tell = (list, words) => {
  list.querySelector('[data-told]').textContent = words;
};

function listToggled(list) {
  const holder = list.closest('[data-spot]');
  if (list.open) {
    list.querySelector('input[type=search], input')?.focus();
    const search = list.querySelector('[data-search]');
    if (search?.dataset.search === '0') void ask(search);
    return;
  }
  if (list.isChanged && holder.dataset.choose !== undefined) {
    void act(holder, valuesIn(holder), list.querySelector('summary'));
  }
  list.isChanged = false;
}

document.addEventListener('click', (event) => {
  for (const list of document.querySelectorAll('.bk-list[open]')) {
    if (!list.contains(event.target)) list.open = false;
  }
});

function filter(search) {
  const words = search.value.toLowerCase();
  for (const label of search.closest('.bk-list').querySelectorAll('[data-offers] label')) {
    label.hidden = !label.textContent.toLowerCase().includes(words);
  }
}

/** Asks the app. What is chosen stays, whatever comes. */
async function ask(search) {
  const list = search.closest('.bk-list');
  const holder = list.closest('[data-spot]');
  const words = search.value;
  if (words.length < Number(search.dataset.search)) return;
  const isMany = holder.classList.contains('bk-multi_external_select');
  tell(list, 'Loading…');
  const query = new URLSearchParams({ spot: holder.dataset.spot, words, many: isMany ? '1' : '0' });
  const answer = await fetch(`${base()}/options?${query}`).then(
    (response) =>
      response.ok ? response.json() : { html: '', failed: 'These could not be loaded. Try again?' },
    () => ({ html: '', failed: away }),
  );
  if (search.value !== words) return;
  tell(list, answer.failed ?? '');
  const offers = list.querySelector('[data-offers]');
  const chosen = [...offers.querySelectorAll('input:checked')].map((input) => input.closest('label'));
  const fresh = new DOMParser().parseFromString(answer.html, 'text/html').body;
  const values = new Set(chosen.map((label) => label.querySelector('input').value));
  const others = [...fresh.children].filter((one) => !values.has(one.querySelector('input')?.value));
  offers.replaceChildren(...chosen, ...others);
}

/* Typing */

document.addEventListener('input', (event) => {
  const field = event.target;
  const holder = field.closest?.('[data-spot]');
  if (!holder) return;
  if (field.dataset.search === '') return filter(field);
  if (field.dataset.search !== undefined) return after(field, restMs, () => ask(field));
  touched.add(field);
  const form = field.closest('form[action]');
  if (form) after(form, restMs, () => keep(form));
  if (field.dataset.dispatch?.includes('on_character_entered')) {
    after(holder, restMs, () => act(holder, [field.value], field));
  }
});

document.addEventListener('keydown', (event) => {
  const { target, key } = event;
  const menu = target.closest?.('.bk-menu');
  if (menu && /^(ArrowDown|ArrowUp|Home|End|Tab)$/.test(key)) moveInMenu(event, menu);
  const list = target.closest?.('.bk-list[open]');
  if (list && key === 'Escape') {
    event.preventDefault();
    list.open = false;
    list.querySelector('summary').focus();
  }
  const isEnter = key === 'Enter' && !event.isComposing && target.tagName === 'INPUT';
  if (isEnter && target.type === 'search') event.preventDefault();
  if (isEnter && target.dataset.dispatch?.includes('on_enter_pressed')) {
    event.preventDefault();
    const holder = target.closest('[data-spot]');
    void act(holder, [target.value], target);
  }
});

function moveInMenu(event, menu) {
  event.preventDefault();
  if (event.key === 'Tab') return menu.hidePopover();
  const items = [...menu.querySelectorAll('[role=menuitem]')];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
  items.at(to % items.length)?.focus();
}

/* The modal */

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.matches('form[data-spot]')) event.preventDefault();
  if (!form.closest('dialog.bk-modal')) return;
  event.preventDefault();
  void submit(form);
});

async function submit(form) {
  clearTimeout(timers.get(form));
  const button = form.querySelector('[type=submit]');
  const failed = await once(form, [button], () => send('modal/submit', new FormData(form)));
  showTrouble(form, failed);
  // Refused for the same reason again: nothing changes by itself.
  for (const wrong of form.querySelectorAll('.bk-wrong')) wrong.shown = null;
  sync();
}

/** Only what the sandbox itself says; the app's complaints come with the modal. */
function showTrouble(form, failed) {
  form.querySelector('.bk-trouble.bk-local')?.remove();
  if (!failed) return;
  const words = document.createElement('p');
  words.className = 'bk-trouble bk-local';
  words.setAttribute('role', 'alert');
  words.textContent = `⚠ ${failed}`;
  form.querySelector('.bk-modal-foot')?.before(words);
}

async function leave(dialog, how) {
  const form = new FormData();
  form.set('view', dialog.dataset.modal);
  form.set('how', how);
  const failed = await once(dialog, [], () => send('modal/leave', form));
  showTrouble(dialog.querySelector('form'), failed);
}

/** Escape closes as the cross does; the sandbox takes the modal away. */
document.addEventListener(
  'cancel',
  (event) => {
    if (!event.target.matches?.('dialog.bk-modal')) return;
    event.preventDefault();
    void leave(event.target, 'all');
  },
  true,
);

const modals = document.getElementsByClassName('bk-modal');

/** Lifts a modal that has come, and gives the focus back when the last one is gone. */
function sync() {
  const [dialog] = modals;
  if (dialog && !dialog.matches(':modal')) {
    before ??= document.activeElement;
    if (dialog.open) dialog.close();
    dialog.showModal();
    if (!dialog.querySelector('[autofocus]')) firstField(dialog)?.focus();
  } else if (!dialog && before) {
    if (before.isConnected) before.focus();
    before = null;
  }
  focusComplaint(dialog);
}

const firstField = (dialog) =>
  dialog.querySelector(
    '.bk-modal-body :is(input:not([type=hidden]), select, textarea, summary), .bk-modal-foot .primary',
  );

/** After a refusal, the first field that is wrong. */
function focusComplaint(dialog) {
  const complaint = dialog?.querySelector('.bk-wrong');
  if (complaint && complaint.shown !== complaint.querySelector('.bk-complaint')?.textContent) {
    complaint.shown = complaint.querySelector('.bk-complaint')?.textContent;
    complaint.querySelector('input:not([type=hidden]), select, textarea, summary')?.focus();
  }
}

new MutationObserver(sync).observe(document.documentElement, { childList: true, subtree: true });
sync();

/* Live updates */

const isTouched = (element) => touched.has(element) || touched.has(element.closest?.('select'));

/** What a person opened stays open, what they typed stays typed, and what is under way stays so. */
function mayChange(element, name) {
  if (name === 'open') return !element.matches('dialog, details');
  if (/^(value|checked|selected)$/.test(name)) return !isTouched(element);
  if (name === 'aria-expanded') return !element.matches('[data-opens-menu]');
  if (name === 'style') return !element.matches('.bk-menu');
  return name !== 'aria-busy' && name !== 'aria-disabled';
}

/** The app has changed the message: what it says is chosen there is chosen. */
function forget(blocks) {
  for (const form of blocks.querySelectorAll('form[data-spot]')) {
    form.reset();
    for (const field of form.elements) touched.delete(field);
  }
}

window.htmx?.registerExtension('blocks', {
  htmx_before_morph_attr: (element, { attrName }) => mayChange(element, attrName),
  htmx_before_morph_node: (element, { newNode }) => {
    if (element.dataset?.version !== newNode.dataset?.version) forget(element);
    if (element.tagName === 'TEXTAREA' && touched.has(element)) newNode.textContent = element.defaultValue;
    return !element.matches('.bk-list') || !element.open;
  },
});
