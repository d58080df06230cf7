// Evaluated in the page as rendered: the sentences about what is missing (see accessibility.py).
() => {
  const faults = [];
  const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== 'hidden';
  const name = (e) => (e.getAttribute('aria-label') || (e.labels && [...e.labels].map(l => l.innerText).join(' ')) || e.innerText || e.title || e.alt || e.value || '').trim();
  const where = (e) => e.outerHTML.slice(0, 90);
  if (!(document.documentElement.lang || '').startsWith('zh')) faults.push('no language on html');
  if (!document.title.trim()) faults.push('no title');
  if (document.querySelectorAll('main').length !== 1) faults.push('not one main');
  if (document.querySelectorAll('h1').length !== 1) faults.push('not one h1');
  for (const e of document.querySelectorAll('input:not([type=hidden]),select,textarea,button,a[href]'))
    if (seen(e) && !name(e) && !(e.getAttribute('aria-labelledby'))) faults.push('no name: ' + where(e));
  for (const e of document.querySelectorAll('input:not([type=hidden]):not([type=submit]),select,textarea'))
    if (seen(e) && !(e.labels && e.labels.length) && !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby')) faults.push('no label: ' + where(e));
  for (const e of document.querySelectorAll('th')) if (!e.scope) faults.push('th without scope: ' + where(e));
  for (const e of document.querySelectorAll('img:not([alt])')) faults.push('no alt: ' + where(e));
  for (const e of document.querySelectorAll('svg')) if (!e.getAttribute('aria-hidden') && !e.getAttribute('aria-label') && !e.querySelector('title') && !e.getAttribute('aria-labelledby')) faults.push('no text for: ' + where(e));
  for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) faults.push('order of tabs changed: ' + where(e));
  const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
  for (const id of new Set(ids.filter((id, at) => ids.indexOf(id) !== at))) faults.push('id twice: ' + id);
  const light = (c) => { const [r, g, b] = c.map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const parse = (text) => { const m = text.match(/[\d.]+/g).map(Number); return [m.slice(0, 3), m.length > 3 ? m[3] : 1]; };
  const ground = (e) => { for (; e; e = e.parentElement) { const [c, a] = parse(getComputedStyle(e).backgroundColor); if (a === 1) return c; } return [255, 255, 255]; };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const e = node.parentElement;
    if (!node.data.trim() || !seen(e) || e.closest('[aria-hidden=true],[disabled],svg')) continue;
    const style = getComputedStyle(e), a = light(parse(style.color)[0]), b = light(ground(e));
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && parseInt(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) faults.push('contrast ' + ratio.toFixed(2) + ': ' + node.data.trim().slice(0, 30));
  }
  return [...new Set(faults)];
}
