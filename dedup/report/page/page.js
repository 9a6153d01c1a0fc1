'use strict';
// Brings the search box and the keys to life. The page is whole without it.
(() => {
  const $ = id => document.getElementById(id);
  const form = $('filter'), list = $('list'), more = $('more');
  document.documentElement.classList.add('scripted');
  const reveal = () => {
    let target;
    try { target = $(decodeURIComponent(location.hash.slice(1))); } catch { return; }
    if (!target) return;
    for (let up = target; up; up = up.parentElement) if (up.localName === 'details') up.open = true;
    target.scrollIntoView({block: target.classList.contains('shared') ? 'center' : 'start'});
    if (target.classList.contains('inside')) {
      const summary = target.parentElement.querySelector('summary');
      summary.scrollIntoView({block: 'start'});
      summary.focus({preventScroll: true});
    }
  };
  addEventListener('hashchange', reveal);
  if (location.hash) reveal();
  for (const mark of document.querySelectorAll('.pair')) {
    const twin = (event, on) => {
      const here = event.target.closest && event.target.closest('.shared');
      if (!here) return;
      const there = $(here.hash.slice(1));
      here.classList.toggle('lit', on);
      if (there) there.classList.toggle('lit', on);
    };
    mark.addEventListener('mouseover', event => twin(event, true));
    mark.addEventListener('mouseout', event => twin(event, false));
    mark.addEventListener('focusin', event => twin(event, true));
    mark.addEventListener('focusout', event => twin(event, false));
  }
  if (!form || !list) return;
  form.hidden = false;
  const items = [...document.querySelectorAll('.stories > li')];
  let texts = null;
  const shown = () => items.filter(item => !item.hidden && (more === null || more.open || !more.contains(item)));
  const day = value => value ? Date.parse(value + 'T00:00:00Z') / 864e5 : null;
  const fold = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  const apply = () => {
    const wanted = fold($('q').value).split(/\s+/).filter(Boolean);
    const rank = +$('rank').value, outlet = $('outlet').value, doubt = $('doubt').checked;
    const from = day($('from').value), to = day($('to').value);
    if (wanted.length && !texts) texts = items.map(item => fold(item.textContent));
    let n = 0;
    items.forEach((item, i) => {
      const [first, last] = item.dataset.d.split(' ').map(text => text === '' ? null : +text);
      const fits = +item.dataset.n >= rank
        && (!doubt || 'doubt' in item.dataset)
        && (!outlet || item.dataset.o.split(' ').includes(outlet))
        && (from === null || (last !== null && last >= from))
        && (to === null || (first !== null && first <= to))
        && wanted.every(word => texts[i].includes(word));
      item.hidden = !fits;
      n += fits;
    });
    const narrowed = n < items.length;
    if (more) {
      if (narrowed && n) more.open = true;
      more.hidden = narrowed && ![...more.querySelectorAll('.stories > li')].some(item => !item.hidden);
    }
    $('found').value = narrowed ? `${n.toLocaleString('en')} of ${items.length.toLocaleString('en')}` : '';
  };
  let waiting = 0;
  form.addEventListener('input', () => { clearTimeout(waiting); waiting = setTimeout(apply, 80); });
  form.addEventListener('reset', () => setTimeout(apply));
  form.addEventListener('submit', event => event.preventDefault());
  const summaryOf = item => item.querySelector('summary') || item;
  for (const item of items) if (summaryOf(item) === item) item.tabIndex = -1;
  const go = step => {
    const rows = shown();
    const at = rows.findIndex(item => item.contains(document.activeElement));
    const next = at < 0 ? (step > 0 ? rows[0] : null) : rows[at + step];
    if (next) { summaryOf(next).focus(); next.scrollIntoView({block: 'nearest'}); }
    return Boolean(next);
  };
  addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = event.target.closest ? event.target.closest('.stories > li') : null;
    const typing = /^(input|select|textarea)$/.test(event.target.localName);
    if (event.key === '/' && !typing) {
      $('q').focus();
      $('q').select();
      event.preventDefault();
    } else if (event.target === $('q') && (event.key === 'ArrowDown' || event.key === 'Enter')) {
      clearTimeout(waiting);
      apply();
      go(1);
      event.preventDefault();
    } else if (event.target === $('q') && event.key === 'Escape') {
      $('q').value = '';
      apply();
      $('q').blur();
    } else if (!typing && (event.key === 'ArrowDown' || event.key === 'ArrowUp') && (inside || event.target === document.body)) {
      if (go(event.key === 'ArrowDown' ? 1 : -1)) event.preventDefault();
      else if (event.key === 'ArrowUp' && inside) { $('q').focus(); event.preventDefault(); }
    } else if (event.key === 'Escape' && inside) {
      const story = inside.querySelector('details');
      if (story) story.open = false;
      summaryOf(inside).focus();
    }
  });
  // What is folded is printed too if it stood open; closed stories stay a line each.
})();
