// The report, and words and numbers from it. Nothing here draws.
const report = JSON.parse(document.getElementById('report').textContent);

const memberOf = (element) => (report.kind === 'comparison' ? report.members[Number(element.dataset.member)] : report);

const number = (value) => (value === null || value === undefined ? '' : value.toFixed(4));
const share = (value) => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
const count = (value) => Math.round(value).toLocaleString('en');
const temperatureText = (value) => String(Number(value.toPrecision(4)));

// Characters that are not seen, and marks of the writing direction, as their escapes; long names are cut.
const LONGEST = 60;
const UNSEEN = /(?! )[\p{C}\p{Z}]/gu;
const escaped = (c) => {
  const code = c.codePointAt(0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
};
const short = (letters) => (letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : letters.join(''));
const printable = (text) => short([...text.replace(UNSEEN, escaped)]);

// Figures take some HTML in their texts; names are to stay text.
const plain = (text) => printable(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
