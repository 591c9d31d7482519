// What brings the page to life, once: figures when they come into view, controls, tables, theme, print.
const DRAWINGS = {
  reliability: drawReliability, tempered: drawTempered, sweep: drawSweep, methods: drawMethods, classes: drawClasses,
  coverage: drawCoverage, cost: drawDeferralCost, positive: drawPositive, training: drawTraining,
};
const CONTROLS = { temperature: makeTemperature, deferral: makeDeferral, positive: makePositive };

const drawn = new Set();
const draw = (element) => { drawn.add(element); return DRAWINGS[element.dataset.kind](element); };
const redrawAll = () => {
  drawn.forEach((element) => DRAWINGS[element.dataset.kind](element));
  document.querySelectorAll('.control').forEach((control) => control.redraw?.());
};

const inView = new IntersectionObserver((entries) => {
  for (const entry of entries.filter((one) => one.isIntersecting && !drawn.has(one.target))) draw(entry.target);
}, { rootMargin: '600px' });

const dark = () => (document.documentElement.dataset.theme ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
const theme = document.getElementById('theme');
const nameTheme = () => { theme.textContent = dark() ? 'Light' : 'Dark'; theme.setAttribute('aria-label', `${theme.textContent} colours`); };
theme.hidden = false;
theme.addEventListener('click', () => { document.documentElement.dataset.theme = dark() ? 'light' : 'dark'; nameTheme(); redrawAll(); });
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => { nameTheme(); redrawAll(); });

let before = null;
addEventListener('beforeprint', () => {
  before = { theme: document.documentElement.dataset.theme, closed: [...document.querySelectorAll('details:not([open], .member, .long)')] };
  document.documentElement.dataset.theme = 'light';
  onPaper = true;
  before.closed.forEach((details) => { details.open = true; });
  document.querySelectorAll('.drawing').forEach((element) => { if (element.checkVisibility()) draw(element); });
});
addEventListener('afterprint', () => {
  if (before.theme === undefined) delete document.documentElement.dataset.theme; else document.documentElement.dataset.theme = before.theme;
  before.closed.forEach((details) => { details.open = false; });
  onPaper = false;
  redrawAll();
});

nameTheme();
document.querySelectorAll('table.sortable').forEach(makeSortable);
document.querySelectorAll('button.copy').forEach(makeCopied);
document.querySelectorAll('button.about').forEach(makeAbout);
document.querySelectorAll('.control').forEach((control) => {
  const make = () => CONTROLS[control.dataset.control](control);
  const folded = control.closest('details');
  if (folded === null) make(); else folded.addEventListener('toggle', make, { once: true });
});
document.querySelectorAll('.drawing').forEach((element) => inView.observe(element));
