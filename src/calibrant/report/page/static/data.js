// The report, and words and numbers from it. Nothing here draws.
const report = JSON.parse(document.getElementById('report').textContent);

const memberOf = (element) => (report.kind === 'comparison' ? report.members[Number(element.dataset.member)] : report);

const number = (value) => (value === null || value === undefined ? '' : value.toFixed(4));
const share = (value) => (value === null ? '' : `${(100 * value).toFixed(1)} %`);
const count = (value) => Math.round(value).toLocaleString('en');
const temperatureText = (value) => String(Number(value.toPrecision(4)));

// Characters that are not seen, and marks of the writing direction, as their escapes.
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;
const printable = (text) => text.replace(UNSEEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

// Figures take some HTML in their texts; names are to stay text.
const plain = (text) => printable(text).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
