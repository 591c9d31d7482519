// Tables that sort by a button in the head of each column, and commands that are copied by one.
const textOf = (cell) => [...cell.childNodes].filter((node) => !(node instanceof Element && node.matches('small, .about'))).map((node) => node.textContent).join('').trim();

const valueOf = (row, column) => {
  const text = textOf(row.cells[column]);
  if (row.cells[column].tagName === 'TH') return text.toLowerCase();
  const found = parseFloat(text.replace(/,/g, '').replace(/^[([]/, ''));
  return Number.isNaN(found) ? text.toLowerCase() : found;
};

const compared = (a, b) => {
  if (a === '' || b === '') return (a === '') - (b === '');
  if (typeof a === typeof b) return typeof a === 'number' ? a - b : a.localeCompare(b, 'en', { numeric: true });
  return typeof a === 'number' ? -1 : 1;
};

const sortBy = (table, column) => {
  const head = table.tHead.rows[0].cells[column];
  const falling = head.getAttribute('aria-sort') === 'ascending';
  for (const cell of table.tHead.rows[0].cells) cell.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', falling ? 'descending' : 'ascending');
  const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row, column), row]);
  const empty = rows.filter(([value]) => value === '');
  const full = rows.filter(([value]) => value !== '').sort(([a], [b]) => (falling ? compared(b, a) : compared(a, b)));
  table.tBodies[0].append(...[...full, ...empty].map(([, row]) => row));
};

const makeSortable = (table) => {
  if (table.tBodies[0].rows.length < 3) return;
  [...table.tHead.rows[0].cells].forEach((cell, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.textContent = cell.textContent || 'name';
    button.addEventListener('click', () => sortBy(table, column));
    cell.replaceChildren(button);
  });
};

const makeCopied = (button) => {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const code = button.parentElement.querySelector('code');
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
  });
};
