'use strict';
// Comfort only: every page does the same without it.
(() => {
  const byId = (id) => document.getElementById(id);
  const rows = () => Array.from(document.querySelectorAll('[data-row]'));
  const keys = byId('keys');
  const keysOn = byId('keys-on');

  function kept(name, value) {
    try {
      if (value === undefined) return localStorage.getItem(name);
      localStorage.setItem(name, value);
    } catch { /* Nothing is kept where the browser keeps nothing. */ }
    return null;
  }
  function move(by) {
    const all = rows();
    const at = all.indexOf(document.activeElement);
    const next = at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by;
    all[next]?.focus();
    all[next]?.scrollIntoView({ block: 'nearest' });
  }
  // On a match: go to the button. In the queue: open the match there.
  function goTo(id) {
    const target = byId(id);
    const row = document.activeElement?.closest?.('tr')?.querySelector('[data-row]');
    if (target) { (id === 'dispute' ? byId('reason') : target).focus(); }
    else if (row && document.querySelector('.queue')?.contains(row)) { location.assign(`${row.href}#${id}`); }
    else return false;
    return true;
  }
  function onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || keys.open) return;
    if (event.target.matches?.('input:not([type=checkbox], [type=radio]), select, textarea') || !keysOn.checked) return;
    if (event.key === 'j') move(1);
    else if (event.key === 'k') move(-1);
    else if (event.key === '?') keys.showModal();
    else if (event.key === 'c' && goTo('confirm')) { /* There. */ }
    else if (event.key === 'd' && goTo('dispute')) { /* There. */ }
    else return;
    event.preventDefault();
  }

  keysOn.checked = kept('tutela.keys') !== 'off';
  keysOn.addEventListener('change', () => kept('tutela.keys', keysOn.checked ? 'on' : 'off'));
  byId('keys-open')?.addEventListener('click', () => keys.showModal());
  document.querySelectorAll('.js-only').forEach((element) => { element.hidden = false; });
  document.addEventListener('keydown', onKey);

  // All boxes of a table at once.
  const boxes = Array.from(document.querySelectorAll('.contents tbody input[type=checkbox]'));
  const head = document.querySelector('.contents thead th');
  if (head && boxes.length > 0) {
    const all = document.createElement('input');
    all.type = 'checkbox';
    all.setAttribute('aria-label', head.textContent);
    all.addEventListener('change', () => boxes.forEach((box) => { box.checked = all.checked; }));
    head.append(all);
  }
  if (location.hash === '#confirm') byId('confirm')?.focus();
  if (location.hash === '#dispute') byId('reason')?.focus();
})();
