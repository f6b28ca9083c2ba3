'use strict';
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const data = JSON.parse(byId('data').textContent);
  const { words, texts, outcomes } = data;
  const pictures = new Map(data.thumbnails);
  const PAGE_ROWS = 200;
  const SVG = document.querySelector('svg').namespaceURI;
  const hidden = new RegExp(data.hidden, 'gu');
  const order = new Intl.Collator(document.documentElement.lang, { numeric: true });

  // Text only ever becomes a text node: no string is read as markup.
  function make(tag, attributes, ...children) {
    const isSvg = ['svg', 'path', 'rect', 'use', 'title'].includes(tag);
    const element = isSvg ? document.createElementNS(SVG, tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (value !== undefined) element.setAttribute(name, value);
    }
    element.append(...children.flat().filter((child) => child !== undefined));
    return element;
  }
  const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);
  const count = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, '\u202f');

  // Characters that cannot be seen, or that change what is seen, become their number.
  function shown(text) {
    const parts = [];
    let from = 0;
    for (const found of text.matchAll(hidden)) {
      const number = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, '0');
      parts.push(text.slice(from, found.index), make('span', { class: 'ctl' }, `U+${number}`));
      from = found.index + found[0].length;
    }
    parts.push(text.slice(from));
    return parts;
  }
  function pathOf(path) {
    const cut = path.replace(/\/+$/, '').lastIndexOf('/') + 1;
    const dir = make('span', { class: 'dir' }, shown(path.slice(0, cut)));
    return make('bdi', { class: 'path' }, dir, shown(path.slice(cut)));
  }
  // The same rules as the page itself: powers of 1000, cut after one decimal.
  function bytes(size) {
    let scale = 1;
    let unit = 0;
    const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];
    while (Math.floor(size / scale) >= 1000) { scale *= 1000; unit += 1; }
    if (unit === 0) return `${size}\u00a0B`;
    const tenths = Math.floor((size % scale) / (scale / 10));
    return `${Math.floor(size / scale)}${words.decimal_mark}${tenths}\u00a0${units[unit]}`;
  }
  function moment(text) {
    const cut = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/.exec(text);
    return cut ? `${cut[1]} ${cut[2]} UTC` : text.replace('T', ' ');
  }
  function icon(name) {
    return make('svg', { class: 'icon', width: 12, height: 12, 'aria-hidden': 'true' }, make('use', { href: `#i-${name}` }));
  }
  // Bit k: row k/16 from the top, column k mod 16 from the left; the text starts with bit 255.
  function grid(hex) {
    if (!/^[0-9a-f]{64}$/i.test(hex)) return undefined;
    let path = '';
    for (let k = 0; k < 256; k += 1) {
      if ((parseInt(hex[63 - (k >> 2)], 16) >> (k & 3)) & 1) path += `M${k % 16} ${k >> 4}h1v1h-1z`;
    }
    return make('svg', { class: 'grid', width: 48, height: 48, viewBox: '-.5 -.5 17 17', 'aria-hidden': 'true' },
      make('rect', { x: -0.5, y: -0.5, width: 17, height: 17 }), make('path', { d: path }));
  }

  const text = (number) => (number === undefined ? undefined : texts[number]);
  const pixels = (row) => row.dimensions && row.dimensions[0] * row.dimensions[1];
  const sortable = {
    outcome: (row) => row.outcome,
    path: (row) => row.path,
    mime: (row) => text(row.mime),
    size: (row) => row.size,
    pixels,
    taken: (row) => row.capture?.taken,
    device: (row) => text(row.capture?.device),
    group: (row) => row.group,
  };
  function haystack(row) {
    row.haystack ??= [
      row.path, text(row.mime), row.md5, row.sha1, row.sha256, row.exhibit, row.capture?.taken,
      text(row.capture?.device), text(row.capture?.lens), text(row.capture?.software),
      row.error && text(row.error.code), text(row.error?.reason), text(row.error?.message), ...(row.good ?? []).map(text),
      ...(row.signals ?? []).map((signal) => signal.value),
      ...(row.matches ?? []).flatMap((found) => [text(found.list), found.key, text(found.category), found.finding]),
      ...(row.others ?? []).flatMap((other) => [text(other.claim), other.finding]),
    ].filter(Boolean).join('\n').normalize().toLowerCase();
    return row.haystack;
  }

  function details(row) {
    const list = make('dl');
    const add = (name, ...lines) => {
      const kept = lines.flat().filter((line) => line !== undefined && line !== null);
      if (kept.length === 0) return;
      const value = kept.map((line) => make('div', {}, typeof line === 'string' ? shown(line) : line));
      list.append(make('div', {}, make('dt', {}, name), make('dd', {}, value)));
    };
    // Our own text, whose narrow blanks are meant.
    const own = (value) => make('span', {}, value);
    const mono = (value) => value && make('span', { class: 'mono' }, shown(value));
    const english = (number) => number !== undefined && make('span', { lang: 'en' }, shown(text(number)));
    if (row.error) {
      const { code, reason, foreign, message } = row.error;
      add(words.error, make('span', { lang: foreign ? 'en' : undefined }, shown(`${text(reason)} (${text(code)})`)), english(message) || undefined);
    }
    add(words.matches, (row.matches ?? []).map((found) => [
      text(found.list), fill(words.row, { n: found.row }), text(found.how),
      found.category !== undefined && fill(words.category, { code: text(found.category) }),
      found.key !== undefined && fill(words.key, { key: found.key }),
      fill(words.finding, { id: found.finding }), text(found.raised),
    ].filter(Boolean).join(' · ')));
    add(words.others, (row.others ?? []).map((other) => [
      text(other.claim), fill(words.finding, { id: other.finding }), text(other.raised),
    ].join(' · ')));
    add(words.good, (row.good ?? []).map(text));
    add('SHA-256', mono(row.sha256));
    add('SHA-1', mono(row.sha1));
    add('MD5', mono(row.md5));
    for (const signal of row.signals ?? []) {
      const quality = signal.quality === undefined ? '' : ` · ${fill(words.quality, { n: signal.quality })}`;
      add(text(signal.name), make('span', {}, grid(signal.value), mono(signal.value), quality));
    }
    add(words.capture, text(row.capture?.device));
    add(words.lens, text(row.capture?.lens));
    add(words.taken, row.capture?.taken && moment(row.capture.taken));
    add(words.software, text(row.capture?.software));
    add(words.modified, row.modified && moment(row.modified));
    add(words.size, own(`${count(row.size)} ${words.bytes}`));
    add(words.exhibit, mono(row.exhibit));
    add(words.item, own(count(row.index)));
    if (pictures.has(row.index)) list.append(make('div', { class: 'thumbs', 'data-items': row.index, hidden: '' }));
    return list;
  }

  const table = byId('rows');
  const state = { query: '', outcomes: new Set([0, 1, 2, 3, 4]), type: '', group: undefined, sort: undefined, down: false, page: 0 };
  let view = data.rows;

  function line(row) {
    const open = make('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-label': fill(words.open, { path: row.path }) });
    const name = outcomes[row.outcome];
    const cell = (...children) => make('td', {}, ...children);
    const number = (...children) => make('td', { class: 'num' }, ...children);
    const element = make('tr', {},
      cell(open, make('span', { class: `mark ${name}` }, icon(name), words[name])),
      cell(pathOf(row.path)),
      cell(shown(text(row.mime))),
      number(make('span', { title: `${count(row.size)} B` }, bytes(row.size))),
      number(row.dimensions ? row.dimensions.join('×') : ''),
      cell(row.capture?.taken ? shown(moment(row.capture.taken)) : ''),
      cell(shown(text(row.capture?.device) ?? '')),
      number(row.group === undefined ? '' : count(row.group)));
    element.addEventListener('click', (event) => {
      // Marking a digest with the mouse must not close the row it stands in.
      if (event.target === open || String(getSelection()) === '') toggle(element, row, open);
    });
    return element;
  }
  function toggle(element, row, open) {
    const isOpen = open.getAttribute('aria-expanded') === 'true';
    open.setAttribute('aria-expanded', String(!isOpen));
    if (isOpen) element.nextElementSibling.remove();
    else element.after(make('tr', { class: 'detail' }, make('td', { colspan: 8 }, details(row))));
    if (thumbnailsShown()) showThumbnails(true);
  }
  const openers = () => Array.from(table.tBodies[0].querySelectorAll('.open'));

  function draw() {
    const from = state.page * PAGE_ROWS;
    const rows = view.slice(from, from + PAGE_ROWS).map(line);
    if (rows.length === 0) rows.push(make('tr', { class: 'detail' }, make('td', { colspan: 8 }, words.nothing)));
    table.tBodies[0].replaceChildren(...rows);
    openers().forEach((open, at) => { open.tabIndex = at === 0 ? 0 : -1; });
    const to = Math.min(from + PAGE_ROWS, view.length);
    byId('range').textContent = fill(words.range, { from: count(view.length && from + 1), to: count(to), all: count(view.length) });
    byId('prev').disabled = state.page === 0;
    byId('next').disabled = to >= view.length;
  }
  function update() {
    const terms = state.query.normalize().toLowerCase().split(/\s+/).filter(Boolean);
    view = data.rows.filter((row) => state.outcomes.has(row.outcome)
      && (state.type === '' || row.mime === Number(state.type))
      && (state.group === undefined || row.group === state.group)
      && terms.every((term) => haystack(row).includes(term)));
    if (state.sort) {
      const value = sortable[state.sort];
      const sign = state.down ? -1 : 1;
      view.sort((left, right) => {
        const [a, b] = [value(left), value(right)];
        // What states nothing stands last in both directions.
        if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
        return sign * (typeof a === 'number' ? a - b : order.compare(a, b));
      });
    }
    state.page = 0;
    draw();
  }
  function turn(by) {
    const last = Math.max(0, Math.ceil(view.length / PAGE_ROWS) - 1);
    const page = Math.min(last, Math.max(0, state.page + by));
    if (page === state.page) return;
    const hadFocus = table.contains(document.activeElement);
    state.page = page;
    draw();
    if (hadFocus) openers()[0]?.focus();
  }
  function flip(outcome) {
    if (!state.outcomes.delete(outcome)) state.outcomes.add(outcome);
    all('[data-outcome]').forEach((chip) => {
      chip.setAttribute('aria-pressed', String(state.outcomes.has(Number(chip.dataset.outcome))));
    });
    update();
  }
  function only(group) {
    state.group = group;
    const off = byId('group-off');
    off.hidden = group === undefined;
    if (group !== undefined) off.textContent = `× ${fill(words.all_groups, { n: count(group) })}`;
    update();
  }
  function sortBy(head) {
    const key = head.dataset.sort;
    if (state.sort !== key) [state.sort, state.down] = [key, false];
    else if (!state.down) state.down = true;
    else state.sort = undefined;
    all('#rows th').forEach((other) => other.removeAttribute('aria-sort'));
    if (state.sort) head.setAttribute('aria-sort', state.down ? 'descending' : 'ascending');
    update();
  }

  function showThumbnails(on) {
    const button = byId('thumbs');
    all('.thumbs').forEach((strip) => {
      const items = on ? strip.dataset.items.split(' ').map(Number) : [];
      strip.replaceChildren(...items.map((item) => make('img', {
        src: `data:image/png;base64,${pictures.get(item)}`, width: 56, height: 56, alt: fill(words.thumbnail, { n: count(item) }),
      })));
      strip.hidden = !on;
    });
    button.setAttribute('aria-pressed', String(on));
    button.textContent = on ? words.hide_thumbnails : words.show_thumbnails;
  }
  const thumbnailsShown = () => byId('thumbs')?.getAttribute('aria-pressed') === 'true';

  // Returns whether the key was ours.
  function onRowKey(key) {
    const rows = openers();
    const at = rows.indexOf(document.activeElement);
    if (key === 'ArrowLeft' || key === 'PageUp') turn(-1);
    else if (key === 'ArrowRight' || key === 'PageDown') turn(1);
    else if (key === 'ArrowDown' || key === 'ArrowUp') {
      const next = rows[at + (key === 'ArrowDown' ? 1 : -1)];
      if (next) { rows[at].tabIndex = -1; next.tabIndex = 0; next.focus(); }
    } else return false;
    return true;
  }
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || byId('keys').open) return;
    const { key, target } = event;
    if (key === 'Escape') {
      if (thumbnailsShown()) showThumbnails(false);
      if (target === byId('q')) { target.value = ''; state.query = ''; update(); target.blur(); }
      return;
    }
    if (target.classList?.contains('open') && onRowKey(key)) { event.preventDefault(); return; }
    if (target === byId('q') && key === 'ArrowDown') { openers()[0]?.focus(); event.preventDefault(); return; }
    if (target.matches?.('input, select, textarea') || !byId('keys-on').checked) return;
    if (key === '/') byId('q')?.focus();
    else if (key === '?') byId('keys').showModal();
    else if (table && /^[1-5]$/.test(key)) { flip(Number(key) - 1); byId('files').scrollIntoView(); }
    else return;
    event.preventDefault();
  }

  document.documentElement.classList.add('js');
  all('.js-only').forEach((element) => { element.hidden = false; });
  document.addEventListener('keydown', onKey);
  byId('keys-close').addEventListener('click', () => byId('keys').close());
  byId('thumbs')?.addEventListener('click', () => showThumbnails(!thumbnailsShown()));
  if (!table) return;

  const types = new Map();
  data.rows.forEach((row) => types.set(row.mime, (types.get(row.mime) ?? 0) + 1));
  for (const [mime, files] of [...types].sort((a, b) => b[1] - a[1])) {
    byId('type').append(make('option', { value: mime }, shown(text(mime)).map((part) => part.textContent ?? part).join(''), ` (${count(files)})`));
  }
  all('#rows th').forEach((head) => {
    const button = make('button', { type: 'button' }, head.textContent);
    button.addEventListener('click', () => sortBy(head));
    head.replaceChildren(button);
  });
  all('[data-outcome]').forEach((chip) => chip.addEventListener('click', () => flip(Number(chip.dataset.outcome))));
  all('[data-group]').forEach((link) => link.addEventListener('click', () => {
    only(Number(link.dataset.group));
    byId('files').scrollIntoView();
    openers()[0]?.focus({ preventScroll: true });
  }));
  let waiting;
  byId('q').addEventListener('input', (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { state.query = event.target.value; update(); }, 120);
  });
  byId('type').addEventListener('change', (event) => { state.type = event.target.value; update(); });
  byId('group-off').addEventListener('click', () => only(undefined));
  byId('help').addEventListener('click', () => byId('keys').showModal());
  byId('prev').addEventListener('click', () => turn(-1));
  byId('next').addEventListener('click', () => turn(1));
  draw();
})();
